#define CAF_SUITE drained

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct drained_fixture : queue_fixture {
  /// Whether settling (and claiming) tells that the queue is empty.
  bool tells(std::vector<settlement> batch, uint32_t count = 0) {
    step(std::move(batch), count);
    auto told = events();
    return !told.empty() && told.back() == "drained";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(drained_tests, drained_fixture)

CAF_TEST(the last job drains the queue) {
  auto jobs = started_many(2);
  CAF_CHECK(!tells({completed(jobs[0])}));
  CAF_CHECK(tells({failed(jobs[1])}));
  CAF_CHECK(tells({completed(started())}, 5));
}

CAF_TEST(a stream of no length keeps what ended until it was heard) {
  auto x = started();
  set_meta("opts.maxLenEvents", "0");
  step({completed(x)}, 1);
  CAF_CHECK_EQUAL(
    events(),
    (strings{"completed jobId=1 returnvalue=7 prev=active", "drained"}));
  auto jobs = started_many(3);
  auto again = ending(jobs[2], settle_kind::retry_now, "broke");
  step({completed(jobs[0]), failed(jobs[1]), again});
  auto told = events();
  CAF_CHECK_EQUAL(nth(told, 0), "completed jobId=2 returnvalue=7 prev=active");
  CAF_CHECK_EQUAL(nth(told, told.size() - 1), "waiting jobId=4 prev=active");
  must(queue.set_paused(true));
  CAF_CHECK_EQUAL(events(), strings{"paused"});
  CAF_CHECK(std::stoll(one({"XLEN", events_key})) > 2);
}

CAF_TEST(jobs in line keep the queue from being drained) {
  auto jobs = started_many(3);
  add(plain());
  CAF_CHECK(!tells({completed(jobs[0])}));
  CAF_CHECK(!tells({completed(jobs[1])}, 1));
  add(ranked(1));
  CAF_CHECK(!tells({completed(jobs[2])}));
}

CAF_TEST(delayed jobs count only where the next job was wanted) {
  add(delayed(1000));
  CAF_CHECK(!tells({completed(started())}, 1));
  CAF_CHECK(tells({completed(started())}));
}

CAF_TEST(a paused queue is not drained where the next job was wanted) {
  auto jobs = started_many(1);
  set_meta("paused", "1");
  CAF_CHECK(!tells({completed(jobs[0])}, 1));
  raw({"HDEL", "bull:q:meta", "paused"});
  jobs = started_many(1);
  set_meta("paused", "1");
  CAF_CHECK(tells({completed(jobs[0])}));
}

CAF_TEST(a limited queue is not drained where the next job was wanted) {
  auto jobs = started_many(1);
  set_meta("max", "1");
  raw({"SET", "bull:q:limiter", "1", "PX", "60000"});
  CAF_CHECK(!tells({completed(jobs[0])}, 1));
}

CAF_TEST(only finished jobs drain a queue) {
  auto later = ending(started(), settle_kind::retry_later, "broke");
  later.delay_ms = 1000;
  CAF_CHECK(!tells({later}));
  auto postponed = ending(started(), settle_kind::postpone, "");
  postponed.delay_ms = 1000;
  CAF_CHECK(!tells({postponed}));
}

CAF_TEST(who settles nothing drains nothing) {
  auto x = started();
  raw({"DEL", "bull:q:1", "bull:q:active", "bull:q:1:lock"});
  CAF_CHECK(!tells({completed(x)}));
  CAF_CHECK(!tells({}, 1));
}

CAF_TEST_FIXTURE_SCOPE_END()
