#define CAF_SUITE access_token

#include "services/access/access_token.hpp"
#include "services/access/login_limit.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST(a token is taken apart and only its hash is kept) {
  auto made = make_token();
  auto parts = parse_token(made.text);
  CAF_REQUIRE(parts);
  CAF_CHECK_EQUAL(parts->id, made.id);
  CAF_CHECK_EQUAL(hash_of_secret(parts->secret), made.hash);
  CAF_CHECK(made.hash.find(parts->secret) == std::string::npos);
  CAF_CHECK(make_token().text != made.text);
}

CAF_TEST(what is not a token is refused) {
  auto good = make_token().text;
  for (auto bad :
       {std::string{}, std::string{"drk_"}, good.substr(1), good + "0",
        good.substr(0, good.size() - 1), std::string{"drk_x_y"},
        good.substr(0, good.size() - 1) + "G", good + std::string(10000, 'a')})
    CAF_CHECK(!parse_token(bad));
}

CAF_TEST(a signature depends on the text and on the key) {
  auto key = make_signing_key();
  CAF_CHECK_EQUAL(sign("a", key), sign("a", key));
  CAF_CHECK(sign("a", key) != sign("b", key));
  CAF_CHECK(sign("a", key) != sign("a", make_signing_key()));
  CAF_CHECK(is_equal_secret("abc", "abc"));
  CAF_CHECK(!is_equal_secret("abc", "abd"));
  CAF_CHECK(!is_equal_secret("abc", "ab"));
}

CAF_TEST(roles have names and no other word is one) {
  for (auto role :
       {access_role::viewer, access_role::operating, access_role::admin})
    CAF_CHECK(role_named(to_string(role)) == role);
  for (auto odd : {"", "none", "Admin", "root"})
    CAF_CHECK(!role_named(odd));
}

CAF_TEST(an address that guesses too often waits and others do not ) {
  login_limit limit{3};
  auto now = login_limit::clock::now();
  for (auto guess : {"x", "y", "z"}) {
    CAF_CHECK(limit.wait_of("a", now) == 0s);
    limit.failed("a", guess, now);
    limit.failed("a", guess, now); // again: no further guess
  }
  CAF_CHECK(limit.wait_of("a", now) == 60s);
  CAF_CHECK(limit.wait_of("a", now + 59500ms) == 1s);
  CAF_CHECK(limit.wait_of("b", now) == 0s);
  CAF_CHECK(limit.wait_of("a", now + 60s) == 0s);
  limit.failed("a", "x", now + 61s);
  CAF_CHECK(limit.wait_of("a", now + 61s) == 0s);
}
