#define CAF_SUITE event_log

#include "services/redis/event_log.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct event_log_fixture : queue_fixture {
  /// The entries of one look, as "name id".
  strings look() {
    strings out;
    for (const auto& x : must(log.next(milliseconds{20}, wake))) {
      CAF_CHECK(x.at > 0);
      out.push_back(x.name + " " + x.job_id);
    }
    return out;
  }

  event_log log{test::shared_redis().settings(), settings};
  wake_signal wake;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(event_log_tests, event_log_fixture)

CAF_TEST(every entry after the opening is read once) {
  add(plain());
  CAF_CHECK(log.open());
  add(plain());
  CAF_CHECK_EQUAL(look(), (strings{"added 2", "waiting 2"}));
  CAF_CHECK(look().empty());
  add(delayed(1000));
  CAF_CHECK_EQUAL(look(), (strings{"added 3", "delayed 3"}));
}

CAF_TEST(the first look opens a log) {
  add(plain());
  CAF_CHECK(look().empty());
  add(plain());
  CAF_CHECK_EQUAL(look(), (strings{"added 2", "waiting 2"}));
}

CAF_TEST(a raised signal ends the wait) {
  CAF_CHECK(log.open());
  wake.raise();
  CAF_CHECK(refused(log.next(milliseconds{60000}, wake)).code == ec::cancelled);
}

CAF_TEST(a log begins where it is told) {
  add(plain());
  add(plain());
  log.open_after("0-0");
  CAF_CHECK_EQUAL(look(),
                  (strings{"added 1", "waiting 1", "added 2", "waiting 2"}));
  CAF_CHECK(log.open_last(3));
  CAF_CHECK_EQUAL(look(), (strings{"waiting 1", "added 2", "waiting 2"}));
  CAF_CHECK(log.open_last(100));
  CAF_CHECK_EQUAL(look().size(), 4u);
  CAF_CHECK(log.open_last(0));
  CAF_CHECK(look().empty());
  auto oldest = must(log.oldest());
  log.open_at(oldest);
  CAF_CHECK_EQUAL(look().size(), 4u);
  log.open_at(oldest + 3600000);
  CAF_CHECK(look().empty());
}

CAF_TEST(events have ids and know what their jobs are about) {
  auto id = add(plain());
  log.open_at(0);
  auto events = must(log.next(milliseconds{20}, wake));
  CAF_REQUIRE_EQUAL(events.size(), 2u);
  CAF_CHECK(events[0].id < events[1].id);
  auto about = must(log.subjects_of(events));
  CAF_CHECK_EQUAL(about.size(), 1u);
  CAF_CHECK(!about["1"].job_name.empty());
  log.open_after(events[0].id);
  CAF_CHECK_EQUAL(look(), (strings{"waiting 1"}));
}

CAF_TEST(an empty stream has no oldest entry) {
  CAF_CHECK_EQUAL(must(log.oldest()), 0);
  CAF_CHECK(must(log.subjects_of({})).empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
