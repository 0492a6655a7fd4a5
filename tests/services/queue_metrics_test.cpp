#define CAF_SUITE queue_metrics

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct queue_metrics_fixture : queue_fixture {
  queue_metrics_fixture()
    : counting(other([](auto& x) { x.metrics_points = 3; })) {
    now = now / 60000 * 60000; // the start of a minute
  }

  void finish(settle_kind kind = settle_kind::complete) {
    auto x = started();
    must(counting.step({{}, {ending(x, kind, "7")}, 0, ""}, now));
  }

  std::string metric(const std::string& name) {
    return one({"HGET", "bull:q:metrics:completed", name});
  }

  strings points() {
    return list("metrics:completed:data");
  }

  job_queue counting;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(queue_metrics_tests, queue_metrics_fixture)

CAF_TEST(no metrics are kept unless they are asked for) {
  settle(completed(started()));
  CAF_CHECK(raw({"KEYS", "bull:q:metrics*"}).empty());
}

CAF_TEST(the first job starts the first minute) {
  finish();
  CAF_CHECK_EQUAL(metric("count"), "1");
  CAF_CHECK_EQUAL(metric("prevTS"), std::to_string(now));
  CAF_CHECK_EQUAL(metric("prevCount"), "0");
  CAF_CHECK(points().empty());
  CAF_CHECK(!exists("metrics:failed"));
}

CAF_TEST(a minute ends with the first job after it) {
  finish();
  now += 59999;
  finish();
  CAF_CHECK(points().empty());
  now += 1;
  finish();
  CAF_CHECK_EQUAL(points(), strings{"2"});
  CAF_CHECK_EQUAL(metric("count"), "3");
  CAF_CHECK_EQUAL(metric("prevCount"), "2");
  CAF_CHECK_EQUAL(metric("prevTS"), std::to_string(now));
}

CAF_TEST(minutes without a job are none) {
  finish();
  now += 120000;
  finish();
  CAF_CHECK_EQUAL(points(), (strings{"0", "1"}));
}

CAF_TEST(only the newest minutes are kept) {
  for (int i = 0; i < 5; ++i) {
    finish();
    now += 60000;
  }
  CAF_CHECK_EQUAL(points(), (strings{"1", "1", "1"}));
  now += 600000;
  finish();
  CAF_CHECK_EQUAL(points(), (strings{"0", "0", "1"}));
}

CAF_TEST(failed jobs have metrics of their own) {
  finish(settle_kind::fail);
  CAF_CHECK_EQUAL(one({"HGET", "bull:q:metrics:failed", "count"}), "1");
  CAF_CHECK(!exists("metrics:completed"));
  finish(settle_kind::retry_now);
  CAF_CHECK_EQUAL(one({"HGET", "bull:q:metrics:failed", "count"}), "1");
}

CAF_TEST_FIXTURE_SCOPE_END()
