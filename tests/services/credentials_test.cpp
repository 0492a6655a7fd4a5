#define CAF_SUITE credentials

#include "services/access/access_token.hpp"
#include "services/access/credentials.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct fixture {
  static http_request with(const std::string& header,
                           const std::string& value) {
    http_request out;
    out.headers[header] = value;
    return out;
  }

  std::string key = make_signing_key();
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(credentials_tests, fixture)

CAF_TEST(a bearer and a cookie are found among other things) {
  CAF_CHECK_EQUAL(bearer_of(with("authorization", "BeaRer abc")), "abc");
  for (auto odd : {"", "Bearer", "Bearer ", "Basic abc", "Bearerabc"})
    CAF_CHECK_EQUAL(bearer_of(with("authorization", odd)), "");
  CAF_CHECK_EQUAL(cookie_of(with("cookie", "a=b; darkroom_session=x.1.y;c=d")),
                  "x.1.y");
  for (auto odd : {"", "darkroom_session", "xdarkroom_session=1", "a=b"})
    CAF_CHECK_EQUAL(cookie_of(with("cookie", odd)), "");
}

CAF_TEST(a cookie is given and taken away) {
  CAF_CHECK_EQUAL(set_cookie("x", 90s, true),
                  "darkroom_session=x; Path=/; HttpOnly; SameSite=Strict; "
                  "Max-Age=90; Secure");
  CAF_CHECK_EQUAL(ended_cookie(), "darkroom_session=; Path=/; HttpOnly; "
                                  "SameSite=Strict; Max-Age=0");
}

CAF_TEST(a session is read until it is over and only as it was signed) {
  auto text = write_session({"abc", 2000}, key);
  auto claim = read_session(text, key, 1999);
  CAF_REQUIRE(claim);
  CAF_CHECK_EQUAL(claim->token_id, "abc");
  CAF_CHECK_EQUAL(claim->until, 2000);
  CAF_CHECK(!read_session(text, key, 2000));
  CAF_CHECK(!read_session(text, make_signing_key(), 1999));
  CAF_CHECK(!read_session(text, "", 1999));
  auto longer = text;
  longer.replace(longer.find("2000"), 4, "9000");
  CAF_CHECK(!read_session(longer, key, 1999));
  for (auto odd : {"", ".", "..", "abc.2000", "abc.2000."})
    CAF_CHECK(!read_session(odd, key, 0));
}

CAF_TEST(a scope is no session and a session is no scope) {
  auto scope = write_scope({{"a", "b"}, 2000}, key);
  auto read = read_scope(scope, key, 1999);
  CAF_REQUIRE(read);
  CAF_CHECK((read->images == std::vector<std::string>{"a", "b"}));
  CAF_CHECK(!read_scope(scope, key, 2000));
  CAF_CHECK(!read_session(scope, key, 0));
  CAF_CHECK(!read_scope(write_session({"drs_", 2000}, key), key, 0));
  CAF_CHECK(!read_scope(write_scope({{}, 2000}, key), key, 0));
}

CAF_TEST_FIXTURE_SCOPE_END()
