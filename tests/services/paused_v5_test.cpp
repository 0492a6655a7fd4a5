#define CAF_SUITE paused_v5

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

/// A queue that a v5 client paused: `wait` is called `paused` then.
struct paused_fixture : queue_fixture {
  void pause(const std::string& version = "bullmq:5.81.5") {
    set_meta("version", version);
    set_meta("paused", "1");
    raw({"DEL", "bull:q:marker"});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(paused_v5_tests, paused_fixture)

CAF_TEST(new and promoted jobs join those that are set aside) {
  add(delayed(5));
  pause();
  raw({"DEL", "bull:q:marker"});
  add(plain());
  now += 10;
  CAF_CHECK(claim(3).empty());
  CAF_CHECK_EQUAL(list("paused"), (strings{"1", "2"}));
  CAF_CHECK(!exists("wait"));
  CAF_CHECK(!take_marker());
}

CAF_TEST(what comes back during the pause is set aside) {
  auto jobs = started_many(3);
  pause();
  settle(ending(jobs[0], settle_kind::retry_now, "broke"));
  settle(ending(jobs[1], settle_kind::give_back, ""));
  raw({"DEL", "bull:q:3:lock"});
  must(queue.recover_stalled(now));
  raw({"DEL", "bull:q:stalled-check"});
  must(queue.recover_stalled(now));
  CAF_CHECK_EQUAL(list("paused"), (strings{"1", "2", "3"}));
  CAF_CHECK(!exists("wait"));
}

CAF_TEST(a queue of v6 clients keeps its line) {
  pause("bullmq:6.7.0");
  add(plain());
  CAF_CHECK_EQUAL(list("wait"), strings{"1"});
  CAF_CHECK(!exists("paused"));
}

CAF_TEST(our own pause is one that v5 can end and the other way round) {
  set_meta("version", "bullmq:5.81.5");
  add_many(2);
  must(queue.set_paused(true));
  CAF_CHECK_EQUAL(list("paused"), (strings{"2", "1"}));
  auto counts = must(queue.counts());
  CAF_CHECK_EQUAL(counts.waiting, 2u);
  auto waiting = must(queue.list("waiting", 0, 5));
  CAF_REQUIRE_EQUAL(waiting.size(), 2u);
  CAF_CHECK_EQUAL(waiting[0].id, "1");
  must(queue.set_paused(false));
  CAF_CHECK(!exists("paused"));
  CAF_CHECK_EQUAL(claim(2), (strings{"1", "2"}));
}

CAF_TEST(a pause and its end are told each time) {
  must(queue.set_paused(true));
  must(queue.set_paused(true));
  must(queue.set_paused(false));
  must(queue.set_paused(false));
  CAF_CHECK_EQUAL(events(),
                  (strings{"paused", "paused", "resumed", "resumed"}));
}

CAF_TEST(a list that v5 left aside is moved and that is told) {
  raw({"LPUSH", "bull:q:paused", "1", "2"});
  must(queue.set_paused(false));
  CAF_CHECK_EQUAL(list("wait"), (strings{"2", "1"}));
  CAF_CHECK_EQUAL(events(), strings{"resumed"});
  CAF_CHECK(take_marker());
}

CAF_TEST_FIXTURE_SCOPE_END()
