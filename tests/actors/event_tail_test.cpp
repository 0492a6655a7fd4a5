#define CAF_SUITE event_tail

#include "actors/event_tail.hpp"
#include "tests/support/redis_fixture.hpp"

using namespace darkroom;

namespace {

struct fixture : redis_fixture {
  std::shared_ptr<wake_signal> wake = std::make_shared<wake_signal>();
  directory_ptr peers = std::make_shared<directory>();
  inbox<worker_event> events;

  fixture() {
    auto listen = [this]() -> event_publisher_actor::behavior_type {
      return {
        [this](const event_batch& x) {
          for (const auto& one : x.events)
            events.put(one);
        },
        [](const provider_alert&) {},
      };
    };
    auto publisher = live.ends(live.sys.spawn(listen));
    peers->set(role::event_publisher,
               caf::actor_cast<caf::strong_actor_ptr>(publisher));
  }

  ~fixture() {
    wake->raise();
    live.end_all();
    peers->set(role::event_publisher, nullptr);
  }

  /// Returns once it reads the stream.
  void start(const redis_settings& where) {
    live.ends(
      live.sys.spawn<caf::detached>(event_tail, peers, where, settings, wake));
    job_queue looker{where, settings};
    until([&] {
      auto info = must(looker.connection().call({"INFO", "clients"}));
      return has(std::string{text_of(*info)}, "blocked_clients:1");
    });
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(event_tail_tests, fixture)

CAF_TEST(what producers add is announced in its order) {
  start(redis);
  auto first = add("generate-metadata", R"({"imageId":"cat"})");
  auto second = add();
  auto told = events.wait_for(2);
  CAF_CHECK(told[0].kind == event_kind::queued);
  CAF_CHECK_EQUAL(told[0].job_id, first);
  CAF_CHECK_EQUAL(told[0].job_name, "generate-metadata");
  CAF_CHECK_EQUAL(told[0].image_id, "cat");
  CAF_CHECK_GREATER_OR_EQUAL(told[0].queue_size, 1u);
  CAF_CHECK_EQUAL(told[1].job_id, second);
}

CAF_TEST(what was added before the start is not announced) {
  add();
  start(redis);
  auto id = add();
  CAF_CHECK_EQUAL(events.at(0).job_id, id);
}

CAF_TEST(other entries of the stream are passed over) {
  start(redis);
  auto id = add();
  store_step step;
  step.claim = 1;
  step.token = "t";
  must(queue->step(step, wall_clock_ms()));
  auto last = add();
  auto told = events.wait_for(2);
  CAF_CHECK_EQUAL(told.size(), 2u);
  CAF_CHECK_EQUAL(told[1].job_id, last);
}

CAF_TEST(the tail goes on after Redis was away) {
  redis_server own;
  queue = std::make_unique<job_queue>(own.settings(), settings);
  start(own.settings());
  own.restart();
  // It starts at the end it knew, 0-0, which a new server's stream follows.
  auto id = add();
  CAF_CHECK_EQUAL(events.at(0).job_id, id);
}

CAF_TEST_FIXTURE_SCOPE_END()
