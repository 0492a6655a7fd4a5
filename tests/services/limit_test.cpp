#define CAF_SUITE limit

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

/// Three starts in ten seconds.
struct limit_fixture : queue_fixture {
  limit_fixture()
    : limited(other([](auto& x) {
        x.limit_max = 3;
        x.limit_window = milliseconds{10000};
      })) {
    add_many(10);
  }

  store_reply take(uint32_t count) {
    return must(limited.step({{}, {}, count, "t"}, now));
  }

  /// Ends BullMQ's window, which is of Redis's time.
  void forget_window() {
    raw({"DEL", "bull:q:limiter"});
  }

  std::string starts = "darkroom:bull:q:starts:queue";
  job_queue limited;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(limit_tests, limit_fixture)

CAF_TEST(starts are counted in both windows) {
  CAF_CHECK_EQUAL(take(2).jobs.size(), 2u);
  CAF_CHECK_EQUAL(one({"ZCARD", starts}), "2");
  CAF_CHECK_EQUAL(one({"GET", "bull:q:limiter"}), "2");
  CAF_CHECK(ttl("limiter") > 9000 && ttl("limiter") <= 10000);
  auto left = std::stoll(one({"PTTL", starts}));
  CAF_CHECK(left > 10000 && left <= 11000);
}

CAF_TEST(no more start than the limit says) {
  auto first = take(5);
  CAF_CHECK_EQUAL(first.jobs.size(), 3u);
  CAF_CHECK_EQUAL(first.limited_until, 0);
  forget_window();
  auto second = take(5);
  CAF_CHECK(second.jobs.empty());
  CAF_CHECK_EQUAL(second.limited_until, now + 10000);
  CAF_CHECK_EQUAL(one({"LLEN", "bull:q:wait"}), "7");
}

CAF_TEST(a start counts until its window is over and no longer) {
  auto began = now;
  take(1);
  now += 1;
  take(2);
  forget_window();
  now = began + 9998;
  CAF_CHECK_EQUAL(take(5).limited_until, began + 10000);
  now = began + 9999;
  CAF_CHECK(take(5).jobs.empty());
  now = began + 10000;
  CAF_CHECK_EQUAL(take(5).jobs.size(), 1u);
  forget_window();
  now = began + 10001;
  CAF_CHECK_EQUAL(take(5).jobs.size(), 2u);
}

CAF_TEST(the window of Node workers holds for us) {
  raw({"SET", "bull:q:limiter", "3", "PX", "5000"});
  auto reply = take(1);
  CAF_CHECK(reply.jobs.empty());
  CAF_CHECK(reply.limited_until > now + 4000);
  CAF_CHECK(reply.limited_until <= now + 5000);
  raw({"SET", "bull:q:limiter", "2", "PX", "5000"});
  CAF_CHECK_EQUAL(take(5).jobs.size(), 1u);
  CAF_CHECK_EQUAL(one({"GET", "bull:q:limiter"}), "3");
}

CAF_TEST(a rate limit by hand stops everybody) {
  raw({"SET", "bull:q:limiter", "9007199254740991", "PX", "60000"});
  CAF_CHECK(take(1).jobs.empty());
  // as BullMQ: it has no effect where there is no limit at all
  CAF_CHECK_EQUAL(claim(1).size(), 1u);
}

CAF_TEST(a counter that never ends limits nobody) {
  raw({"SET", "bull:q:limiter", "100"});
  CAF_CHECK_EQUAL(take(1).jobs.size(), 1u);
}

CAF_TEST(the limit of the queue comes before that of the worker) {
  set_meta("max", "1");
  set_meta("duration", "500");
  CAF_CHECK_EQUAL(take(5).jobs.size(), 1u);
  CAF_CHECK(ttl("limiter") > 9000); // max of the queue, window of the worker
}

CAF_TEST(a limit of the queue is read as BullMQ reads it) {
  auto starts_of = [this](const std::string& max) {
    raw({"DEL", starts, "bull:q:limiter"});
    set_meta("max", max);
    return limited.step({{}, {}, 9, "t"}, now)->jobs.size();
  };
  add_many(30);
  CAF_CHECK_EQUAL(starts_of("2.5"), 3u);
  CAF_CHECK_EQUAL(starts_of("0"), 1u);
  CAF_CHECK_EQUAL(starts_of("-4"), 1u);
  CAF_CHECK_EQUAL(starts_of("9.007199254741e+15"), 9u);
  CAF_CHECK_EQUAL(starts_of("many"), 3u); // the setting's
}

CAF_TEST(no number in meta stops the queue) {
  add_many(6);
  set_meta("max", "5");
  for (const auto* window : {"1e300", "-1000", "0", "long"}) {
    raw({"DEL", starts, "bull:q:limiter"});
    set_meta("duration", window);
    CAF_CHECK_EQUAL(claim(1).size(), 1u);
  }
  raw({"HDEL", "bull:q:meta", "max"});
  set_meta("concurrency", "all");
  set_meta("opts.maxLenEvents", "-1.5");
  CAF_CHECK_EQUAL(claim(1).size(), 1u);
  set_meta("opts.maxLenEvents", "1e300");
  set_meta("concurrency", "5.5"); // five run
  CAF_CHECK_EQUAL(claim(5).size(), 1u);
}

CAF_TEST(a worker without a limit keeps to the window of the queue) {
  set_meta("max", "2");
  set_meta("duration", "500");
  CAF_CHECK_EQUAL(claim(5).size(), 2u);
  CAF_CHECK(ttl("limiter") <= 500);
  forget_window();
  now += 501;
  CAF_CHECK_EQUAL(claim(5).size(), 2u);
}

CAF_TEST(a job that only fails is no start) {
  raw({"HSET", "bull:q:1", "defa", "child failed"});
  CAF_CHECK_EQUAL(take(3).jobs.size(), 3u);
  CAF_CHECK_EQUAL(one({"ZCARD", starts}), "2");
  CAF_CHECK_EQUAL(one({"GET", "bull:q:limiter"}), "2");
}

CAF_TEST(the same id twice is two starts) {
  for (int i = 0; i < 3; ++i) {
    raw({"DEL", "bull:q:wait"});
    add(named("a"));
    auto jobs = take(1).jobs;
    CAF_REQUIRE_EQUAL(jobs.size(), 1u);
    auto end = completed(jobs[0]);
    end.keep.count = 0;
    CAF_CHECK_EQUAL(settle(end), ".");
    forget_window();
    ++now;
  }
  add(named("a"));
  CAF_CHECK(take(1).jobs.empty());
}

CAF_TEST(delayed jobs are promoted while the limit holds) {
  take(3);
  add(delayed(5));
  now += 5;
  CAF_CHECK(take(3).jobs.empty());
  CAF_CHECK_EQUAL(nth(list("wait"), 0), "11");
}

CAF_TEST(jobs that are given back had their start) {
  auto jobs = take(3).jobs;
  CAF_CHECK_EQUAL(settle(ending(jobs[0], settle_kind::give_back, "")), ".");
  CAF_CHECK(take(1).jobs.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
