/// What `queue_admin` reports of the jobs that it takes away.
#define CAF_SUITE queue_removed

#include "services/redis/queue_admin.hpp"
#include "tests/support/admin_fixture.hpp"

#include <algorithm>

using namespace darkroom;

namespace {

struct fixture : admin_fixture {
  fixture() {
    admin.watch_removals({"see", "look"}, [this](const auto& jobs) {
      sizes.push_back(jobs.size());
      removed.insert(removed.end(), jobs.begin(), jobs.end());
    });
  }

  static new_job of(const std::string& name, const std::string& id = {}) {
    auto x = plain();
    x.name = name;
    x.id = id;
    return x;
  }

  /// The ids that were reported, in the order of their texts.
  strings reported() {
    strings out;
    for (const auto& x : removed)
      out.push_back(x.id);
    std::sort(out.begin(), out.end());
    return out;
  }

  std::vector<removed_job> removed;
  std::vector<size_t> sizes; ///< of each report
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(queue_removed_tests, fixture)

CAF_TEST(a removed job is reported as it was stored) {
  auto x = of("see", "a");
  x.data = R"({"imageId":"cat"})";
  add(x);
  must(admin.remove("a", now));
  CAF_REQUIRE_EQUAL(removed.size(), 1u);
  CAF_CHECK_EQUAL(removed[0].id, "a");
  CAF_CHECK_EQUAL(removed[0].name, "see");
  CAF_CHECK_EQUAL(removed[0].data, x.data);
  CAF_CHECK_EQUAL(removed[0].timestamp, now);
  CAF_CHECK_EQUAL(removed[0].attempt, 0u);
  CAF_CHECK(!exists("a"));
}

CAF_TEST(a job of another name and one that has ended are not reported) {
  add(of("echo", "other"));
  must(admin.remove("other", now));
  auto done = started(of("see", "done"));
  settle(completed(done));
  must(admin.remove("done", now));
  CAF_CHECK(removed.empty());
}

CAF_TEST(a job that waits for its next attempt has its attempt reported) {
  auto x = started(of("see", "a"));
  auto again = ending(x, settle_kind::retry_later, "no");
  again.delay_ms = 1000;
  settle(again);
  must(admin.remove("a", now));
  CAF_REQUIRE_EQUAL(removed.size(), 1u);
  CAF_CHECK_EQUAL(removed[0].attempt, 1u);
}

CAF_TEST(a drain reports what it removes slice by slice) {
  must(queue.add(std::vector<new_job>(2500, of("see")), now));
  add(of("echo"));
  CAF_CHECK_EQUAL(must(admin.drain(false, now)), 2501u);
  CAF_CHECK_EQUAL(removed.size(), 2500u);
  CAF_CHECK_EQUAL(sizes, (std::vector<size_t>{1000, 1000, 500}));
}

CAF_TEST(a clean reports delayed jobs but not dead ones) {
  auto late = of("look", "late");
  late.delay_ms = 5000;
  add(late);
  auto dead = started(of("see", "dead"));
  settle(failed(dead));
  CAF_CHECK_EQUAL(must(admin.clean({"failed", 0, 0}, now)), 1u);
  CAF_CHECK(removed.empty());
  CAF_CHECK_EQUAL(must(admin.clean({"delayed", 0, 0}, now)), 1u);
  CAF_CHECK_EQUAL(reported(), strings{"late"});
}

CAF_TEST(an obliterate reports all that had not ended) {
  auto done = started(of("see", "done"));
  settle(completed(done));
  started(of("see", "runs"));
  add(of("see", "waits"));
  auto late = of("look", "late");
  late.delay_ms = 5000;
  add(late);
  CAF_CHECK(!admin.obliterate(false, now));
  CAF_CHECK(removed.empty());
  must(admin.obliterate(true, now));
  CAF_CHECK_EQUAL(reported(), (strings{"late", "runs", "waits"}));
  CAF_CHECK(raw({"KEYS", P + "*"}).empty());
}

CAF_TEST(without a watch nothing is reported) {
  queue_admin other{test::shared_redis().settings(), settings};
  add(of("see", "a"));
  must(other.remove("a", now));
  CAF_CHECK(!exists("a"));
  CAF_CHECK(refused(other.remove("a", now)).code == ec::not_found);
}

CAF_TEST_FIXTURE_SCOPE_END()
