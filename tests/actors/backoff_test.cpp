/// How long a job waits for its next attempt.
#define CAF_SUITE backoff

#include "actors/settle.hpp"
#include "tests/support/test.hpp"

#include <algorithm>
#include <random>

using namespace darkroom;

namespace {

job_options backoff(backoff_kind kind, int64_t ms, double jitter = 0) {
  job_options x;
  x.backoff = kind;
  x.backoff_ms = ms;
  x.jitter = jitter;
  return x;
}

} // namespace

CAF_TEST(a fixed backoff is the same after each attempt) {
  for (uint32_t made : {1, 2, 3, 1000})
    CAF_CHECK_EQUAL(backoff_delay(backoff(backoff_kind::fixed, 700), made, 0.3),
                    700);
}

CAF_TEST(no backoff is no delay and an unknown one is refused) {
  CAF_CHECK_EQUAL(backoff_delay(backoff(backoff_kind::none, 700), 1, 0.3), 0);
  CAF_CHECK_EQUAL(backoff_delay(backoff(backoff_kind::unknown, 700), 1, 0.3),
                  -1);
}

CAF_TEST(an exponential backoff doubles) {
  auto options = backoff(backoff_kind::exponential, 2000);
  CAF_CHECK_EQUAL(backoff_delay(options, 1, 0.9), 2000);
  CAF_CHECK_EQUAL(backoff_delay(options, 2, 0.9), 4000);
  CAF_CHECK_EQUAL(backoff_delay(options, 3, 0.9), 8000);
  CAF_CHECK_EQUAL(backoff_delay(options, 20, 0.9), 2000ll << 19);
}

CAF_TEST(an exponential backoff stops where a score cannot hold it) {
  auto options = backoff(backoff_kind::exponential, 2000);
  for (uint32_t made : {60, 1023, 1024, 1025, 2000000000})
    CAF_CHECK_EQUAL(backoff_delay(options, made, 0.9), 9000000000000000);
}

CAF_TEST(jitter spreads a delay downwards by its share) {
  auto options = backoff(backoff_kind::fixed, 1000, 0.25);
  CAF_CHECK_EQUAL(backoff_delay(options, 1, 0.0), 750);
  CAF_CHECK_EQUAL(backoff_delay(options, 1, 0.5), 875);
  CAF_CHECK_EQUAL(backoff_delay(options, 1, 0.999999), 999);
  options.jitter = 1;
  CAF_CHECK_EQUAL(backoff_delay(options, 1, 0.0), 0);
  CAF_CHECK_EQUAL(backoff_delay(options, 1, 0.5), 500);
}

CAF_TEST(random delays are never negative and never above the full one) {
  std::mt19937_64 random{20240229};
  std::uniform_real_distribution<double> share{0, 1};
  std::uniform_int_distribution<int64_t> base{0, 100000000};
  std::uniform_int_distribution<uint32_t> attempt{1, 3000};
  int broken = 0;
  for (int i = 0; i < 20000; ++i) {
    auto kind = i % 2 == 0 ? backoff_kind::fixed : backoff_kind::exponential;
    auto options = backoff(kind, base(random));
    auto made = attempt(random);
    auto full = backoff_delay(options, made, share(random));
    options.jitter = share(random);
    auto delay = backoff_delay(options, made, share(random));
    broken += delay < 0 || delay > full || full > 9000000000000000;
    broken += static_cast<double>(delay)
              < static_cast<double>(full) * (1 - options.jitter) * 0.999 - 1;
  }
  CAF_CHECK_EQUAL(broken, 0);
}

CAF_TEST(random exponential delays double until the limit) {
  std::mt19937_64 random{1900};
  std::uniform_int_distribution<int64_t> base{1, 1000000};
  std::uniform_int_distribution<uint32_t> attempt{1, 80};
  int broken = 0;
  for (int i = 0; i < 20000; ++i) {
    auto options = backoff(backoff_kind::exponential, base(random));
    auto made = attempt(random);
    auto one = backoff_delay(options, made, 0);
    auto next = backoff_delay(options, made + 1, 0);
    broken += next != std::min<int64_t>(2 * one, 9000000000000000);
  }
  CAF_CHECK_EQUAL(broken, 0);
}
