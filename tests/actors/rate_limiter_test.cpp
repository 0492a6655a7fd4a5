#define CAF_SUITE rate_limiter

#include "actors/rate_limiter.hpp"
#include "tests/support/actor_fixture.hpp"

#include <random>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

/// Ten starts in 1000 ms.
struct fixture : actor_fixture {
  rate_limiter_state limiter;

  fixture() {
    limiter.init(10, 1000);
  }

  uint32_t take(uint32_t wanted, int64_t at, uint32_t held = 0) {
    return limiter.take({wanted, at, held}).granted;
  }

  int64_t next_at(int64_t at, uint32_t held = 0) {
    return limiter.take({1, at, held}).next_at;
  }

  void start(uint32_t used, int64_t at, uint32_t unused = 0) {
    limiter.settle({used, unused, at, 0});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(rate_limiter_tests, fixture)

CAF_TEST(a new limiter grants up to its limit) {
  CAF_CHECK_EQUAL(take(9, 0), 9u);
  CAF_CHECK_EQUAL(take(1, 0, 9), 1u);
  CAF_CHECK_EQUAL(take(1, 0, 10), 0u);
}

CAF_TEST(more than the limit is granted in part) {
  CAF_CHECK_EQUAL(take(11, 0), 10u);
}

CAF_TEST(a start counts for one window and not a millisecond longer) {
  CAF_CHECK_EQUAL(take(10, 0), 10u);
  start(10, 5);
  CAF_CHECK_EQUAL(take(1, 1003), 0u);
  CAF_CHECK_EQUAL(take(1, 1004), 0u);
  CAF_CHECK_EQUAL(take(1, 1005), 1u);
}

CAF_TEST(the limiter knows when the oldest start leaves the window) {
  CAF_CHECK_EQUAL(take(10, 0), 10u);
  start(4, 100);
  start(6, 200);
  CAF_CHECK_EQUAL(next_at(300), 1100);
  CAF_CHECK_EQUAL(take(10, 1100), 4u);
}

CAF_TEST(unused permits are free at once) {
  CAF_CHECK_EQUAL(take(10, 0), 10u);
  start(3, 1, 7);
  CAF_CHECK_EQUAL(take(10, 2), 7u);
}

CAF_TEST(permits that are on their way do not close the window) {
  CAF_CHECK_EQUAL(take(10, 0), 10u);
  // Nobody knows yet how many of them will start: ask when they are reported.
  CAF_CHECK_EQUAL(next_at(1, 10), 0);
  start(9, 2, 1);
  CAF_CHECK_EQUAL(take(5, 3), 1u);
}

CAF_TEST(permits whose holder died are granted anew) {
  CAF_CHECK_EQUAL(take(10, 0), 10u);
  // A restarted dispatcher holds none.
  CAF_CHECK_EQUAL(take(10, 1, 0), 10u);
}

CAF_TEST(nothing is granted before the time that Redis knows) {
  limiter.settle({0, 0, 0, 5000});
  CAF_CHECK_EQUAL(take(1, 4999), 0u);
  CAF_CHECK_EQUAL(next_at(4999), 5000);
  CAF_CHECK_EQUAL(take(1, 5000), 1u);
}

CAF_TEST(an earlier limit of Redis does not shorten a later one) {
  limiter.settle({0, 0, 0, 5000});
  limiter.settle({0, 0, 0, 3000});
  CAF_CHECK_EQUAL(take(1, 4000), 0u);
}

CAF_TEST(a limit of one start is kept) {
  limiter.init(1, 50);
  CAF_CHECK_EQUAL(take(5, 0), 1u);
  start(1, 0);
  CAF_CHECK_EQUAL(next_at(0), 50);
  CAF_CHECK_EQUAL(take(5, 49), 0u);
  CAF_CHECK_EQUAL(take(5, 50), 1u);
}

namespace {

/// A dispatcher that claims with random luck, and every start it made.
struct random_user {
  rate_limiter_state& limiter;
  uint32_t limit;
  int64_t window;
  std::mt19937_64 random;
  int64_t now = 0;
  uint32_t held = 0;
  std::vector<int64_t> starts;
  int broken = 0;

  uint32_t below(uint32_t n) {
    return static_cast<uint32_t>(random() % n);
  }

  /// Starts in the window that ends now; its begin is that of the one before.
  uint32_t recent() const {
    return static_cast<uint32_t>(std::count_if(
      starts.begin(), starts.end(), [&](auto t) { return t > now - window; }));
  }

  void ask() {
    auto wanted = 1 + below(2 * limit);
    auto got = limiter.take({wanted, now, held});
    auto free = limit - recent() - held;
    broken += got.granted != std::min(wanted, free);
    held += got.granted;
    if (got.granted == 0 && got.next_at > 0)
      check_next(got.next_at);
  }

  void check_next(int64_t at) {
    broken += limiter.take({1, at - 1, held}).granted != 0;
    broken += at <= now;
  }

  void report() {
    auto used = below(held + 1);
    auto unused = below(held - used + 1);
    for (uint32_t i = 0; i < used; ++i)
      starts.push_back(now);
    held -= used + unused;
    limiter.settle({used, unused, now, 0});
    broken += recent() > limit;
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      now += below(static_cast<uint32_t>(window) / 5 + 2);
      if (below(2) == 0)
        ask();
      else
        report();
    }
  }
};

} // namespace

CAF_TEST(without a limit all that is asked for is granted) {
  limiter = {};
  limiter.init(0, 0);
  CAF_CHECK_EQUAL(take(5, 0), 5u);
  CAF_CHECK_EQUAL(take(7, 0), 7u);
}

CAF_TEST(no window ever holds more than the limit and none is left unused) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    auto limit = static_cast<uint32_t>(1 + seed % 13);
    auto window = static_cast<int64_t>(1 + seed * 37 % 900);
    limiter = {};
    limiter.init(limit, window);
    random_user user{limiter, limit, window, std::mt19937_64{seed},
                     0,       0,     {},     0};
    user.run(400);
    if (user.broken > 0)
      CAF_FAIL("seed " << seed << ": " << user.broken);
  }
  CAF_CHECK(true);
}

CAF_TEST(an actor that asks again when it is told starts at the full rate) {
  auto actor = ends(sys.spawn(rate_limiter, 5u, int64_t{200}));
  int64_t begin = now();
  int64_t again = 0;
  std::vector<int64_t> starts;
  while (now() < begin + 2000) {
    if (now() >= again) {
      auto got = ask<permit>(actor, permit_request{100, now(), 0});
      for (uint32_t i = 0; i < got.granted; ++i)
        starts.push_back(now());
      again = got.next_at;
      self->send(actor, permit_report{got.granted, 0, now(), 0});
    }
    pass(1ms);
  }
  // 0, 200, 400, ... 1800: five at each
  CAF_CHECK_EQUAL(starts.size(), 50u);
  for (size_t i = 0; i + 5 < starts.size(); ++i)
    if (starts[i + 5] - starts[i] < 200)
      CAF_FAIL("six starts within one window");
}

CAF_TEST_FIXTURE_SCOPE_END()
