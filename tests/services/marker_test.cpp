#define CAF_SUITE marker

#include "config/clock.hpp"
#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct marker_fixture : queue_fixture {
  /// Waits for up to `ms`. @returns the answer and how long it took
  std::pair<bool, int64_t> wait(int64_t ms) {
    auto began = wall_clock_ms();
    auto woken = must(queue.wait_for_marker(began + ms, began, wake));
    return {woken, wall_clock_ms() - began};
  }

  wake_signal wake;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(marker_tests, marker_fixture)

CAF_TEST(a marker that is there is taken at once) {
  add(plain());
  auto [woken, took] = wait(5000);
  CAF_CHECK(woken);
  CAF_CHECK(took < 2000);
  CAF_CHECK(!take_marker());
}

CAF_TEST(without a marker the wait ends at its deadline) {
  auto [woken, took] = wait(120);
  CAF_CHECK(!woken);
  CAF_CHECK(took >= 100);
  CAF_CHECK(took < 2000);
}

CAF_TEST(a deadline that has passed is no wait without end) {
  CAF_CHECK(!wait(-5000).first);
}

CAF_TEST(a job that is added ends the wait) {
  std::thread producer([this] {
    std::this_thread::sleep_for(milliseconds(50));
    job_queue far{test::shared_redis().settings(), settings};
    (void)far.add({plain()}, now);
  });
  auto [woken, took] = wait(10000);
  producer.join();
  CAF_CHECK(woken);
  CAF_CHECK(took < 5000);
}

CAF_TEST(a marker of the future is no work yet) {
  raw({"ZADD", "bull:q:marker", std::to_string(wall_clock_ms() + 60000), "1"});
  CAF_CHECK(!wait(1000).first);
  raw({"ZADD", "bull:q:marker", std::to_string(wall_clock_ms() - 1), "1"});
  CAF_CHECK(wait(1000).first);
}

CAF_TEST(a signal ends the wait and the next one works) {
  std::thread stopper([this] {
    std::this_thread::sleep_for(milliseconds(50));
    wake.raise();
  });
  auto began = wall_clock_ms();
  auto why = refused(queue.wait_for_marker(began + 10000, began, wake));
  stopper.join();
  CAF_CHECK(why.code == ec::cancelled);
  CAF_CHECK(wall_clock_ms() - began < 5000);
  wake.clear();
  add(plain());
  CAF_CHECK(wait(1000).first);
}

CAF_TEST(a delay beyond all time wakes nobody) {
  raw({"HSET", "bull:q:far", "name", "echo", "data", "{}"});
  raw({"ZADD", "bull:q:delayed", "4e303", "far"});
  add(delayed(500));
  CAF_CHECK_EQUAL(score("marker", "1"), "1700000000500");
  raw({"ZREM", "bull:q:delayed", "1"});
  raw({"DEL", "bull:q:marker"});
  auto x = started();
  CAF_CHECK_EQUAL(step({completed(x)}, 1).next_due, 9000000000000000);
  raw({"ZADD", "bull:q:delayed", "4e303", "1"});
  must(queue.set_paused(false));
  CAF_CHECK_EQUAL(score("marker", "1"), "9000000000000000");
}

CAF_TEST_FIXTURE_SCOPE_END()
