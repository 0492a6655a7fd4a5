#define CAF_SUITE error

#include "messages/error.hpp"
#include "messages/result.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

CAF_TEST(what can never work is not retried) {
  CAF_CHECK(!is_retryable(ec::bad_input));
  CAF_CHECK(!is_retryable(ec::too_large));
  CAF_CHECK(is_retryable(ec::codec_crashed));
  CAF_CHECK(is_retryable(ec::cut_off)); // its upload may still be going on
  CAF_CHECK(is_retryable(ec::upstream_failed));
}

CAF_TEST(every code has a name) {
  for (int i = 0; i <= static_cast<int>(ec::cut_off); ++i)
    CAF_CHECK_NOT_EQUAL(std::string{to_string(static_cast<ec>(i))}, "unknown");
}

CAF_TEST(a result holds a value or an error) {
  result<int> good = 3;
  CAF_REQUIRE(good);
  CAF_CHECK_EQUAL(*good, 3);
  result<int> bad = fail(ec::not_found, "no image 'a'");
  CAF_REQUIRE(!bad);
  CAF_CHECK_EQUAL(bad.error().context, "no image 'a'");
}
