/// The keeper on a real Redis.
#define CAF_SUITE lease_keeper

#include "actors/lease_keeper.hpp"
#include "tests/support/redis_fixture.hpp"

using namespace darkroom;

namespace {

constexpr std::chrono::milliseconds duration{300};

struct fixture : redis_fixture {
  inbox<std::string> lost; // the actor uses it: live_system's end comes first

  main_lease lease_of(const std::string& node) {
    return {redis,
            settings,
            {node, "", "boot-" + node, {"elsewhere", 1, "1"}},
            duration};
  }

  std::string main_key = queue_keys{settings.prefix, settings.name}.own()
                         + "main";

  std::string holder() {
    auto reply = must(queue->connection().call({"GET", main_key}));
    return parse_lease_holder(std::string{text_of(*reply)}).node;
  }

  void keep(const std::string& node) {
    auto taken = lease_of(node);
    auto fence = must(taken.take()).fence;
    auto open = [this, node, fence] {
      auto lease = std::make_unique<main_lease>(lease_of(node));
      lease->hold(fence);
      return lease;
    };
    live.ends(live.sys.spawn<caf::detached>(lease_keeper, open,
                                            [this](const std::string& holder) {
                                              lost.put(holder);
                                            }));
  }

  ~fixture() {
    live.end_all();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(lease_keeper_tests, fixture)

CAF_TEST(a kept lease outlives its duration) {
  keep("a");
  auto b = lease_of("b");
  for (auto end = std::chrono::steady_clock::now() + 3 * duration;
       std::chrono::steady_clock::now() < end;
       std::this_thread::sleep_for(duration / 10))
    CAF_CHECK_EQUAL(must(b.take()).fence, 0u);
  CAF_CHECK(lost.all().empty());
}

CAF_TEST(a keeper tells who took its lease) {
  keep("a");
  must(queue->connection().call({"DEL", main_key}));
  auto b = lease_of("b");
  // Its keeper may be first to come back.
  until([&] {
    must(queue->connection().call({"DEL", main_key}));
    return must(b.take()).fence > 0;
  });
  CAF_CHECK_EQUAL(parse_lease_holder(lost.at(0)).node, "b");
}

CAF_TEST_FIXTURE_SCOPE_END()
