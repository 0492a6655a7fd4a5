#define CAF_SUITE redis_url

#include "config/redis_url.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

/// The parts as "user|password|host|port|database", "-" for one not named.
std::string parts(const char* url) {
  auto parsed = parse_redis_url(url);
  if (!parsed)
    return parsed.error().context;
  return parsed->username.value_or("-") + '|' + parsed->password.value_or("-")
         + '|' + parsed->host + '|' + std::to_string(parsed->port) + '|'
         + (parsed->database ? std::to_string(*parsed->database) : "-");
}

constexpr auto form = "; the form is redis://[user:password@]host[:port][/db], "
                      "or rediss:// for TLS";

} // namespace

CAF_TEST(a host is enough) {
  CAF_CHECK_EQUAL(parts("redis://cache"), "-|-|cache|6379|-");
  CAF_CHECK_EQUAL(parts("redis://cache/"), "-|-|cache|6379|-");
  CAF_CHECK_EQUAL(parts("redis://10.0.0.1:7101"), "-|-|10.0.0.1|7101|-");
  CAF_CHECK_EQUAL(parts("redis://cache/3"), "-|-|cache|6379|3");
  CAF_CHECK_EQUAL(parts("redis://[::1]:7000/0"), "-|-|::1|7000|0");
  CAF_CHECK_EQUAL(parts("redis://[::1]"), "-|-|::1|6379|-");
}

CAF_TEST(user and password may be percent encoded) {
  CAF_CHECK_EQUAL(parts("redis://:pw@h"), "-|pw|h|6379|-");
  CAF_CHECK_EQUAL(parts("redis://me:pw@h:1/2"), "me|pw|h|1|2");
  CAF_CHECK_EQUAL(parts("redis://me@h"), "me|-|h|6379|-");
  CAF_CHECK_EQUAL(parts("redis://m%40e:p%3A%2f%25@h"), "m@e|p:/%|h|6379|-");
  CAF_CHECK_EQUAL(parts("redis://me:p@w/x@h/1"), "me|p@w/x|h|6379|1");
}

CAF_TEST(ports are checked at their bounds) {
  std::string refused = "has a port that is not 1 to 65535";
  CAF_CHECK_EQUAL(parts("redis://h:0"), refused + form);
  CAF_CHECK_EQUAL(parts("redis://h:1"), "-|-|h|1|-");
  CAF_CHECK_EQUAL(parts("redis://h:65535"), "-|-|h|65535|-");
  CAF_CHECK_EQUAL(parts("redis://h:65536"), refused + form);
  CAF_CHECK_EQUAL(parts("redis://h:"), refused + form);
  CAF_CHECK_EQUAL(parts("redis://[::1]7000"), refused + form);
}

CAF_TEST(what is malformed is named) {
  CAF_CHECK_EQUAL(parts("cache:6379"),
                  std::string{"does not begin with redis:// or rediss://"}
                    + form);
  CAF_CHECK_EQUAL(
    parts(""), std::string{"does not begin with redis:// or rediss://"} + form);
  CAF_CHECK_EQUAL(parts("redis://"), std::string{"has no host"} + form);
  CAF_CHECK_EQUAL(parts("redis://:pw@"), std::string{"has no host"} + form);
  CAF_CHECK_EQUAL(parts("redis://[::1"),
                  std::string{"has a '[' without a ']'"} + form);
  CAF_CHECK_EQUAL(parts("redis://h/x"),
                  std::string{"has a database that is not a number"} + form);
  CAF_CHECK_EQUAL(parts("redis://h/-1"),
                  std::string{"has a database that is not a number"} + form);
  for (auto url :
       {"redis://:p%@h", "redis://:p%4@h", "redis://:p%zz@h", "redis://%:p@h"})
    CAF_CHECK(parts(url).find("has a '%' that is not followed by") == 0);
  CAF_CHECK(parts("redis://h?family=6").find("has a query or fragment") == 0);
}

CAF_TEST(a second s asks for TLS) {
  CAF_CHECK_EQUAL(parts("rediss://me:pw@h:7/2"), "me|pw|h|7|2");
  CAF_CHECK_EQUAL(parts("rediss://h"), "-|-|h|6379|-");
  auto parsed = parse_redis_url("rediss://h");
  CAF_CHECK(parsed && parsed->tls);
  parsed = parse_redis_url("redis://h");
  CAF_CHECK(parsed && !parsed->tls);
  CAF_CHECK_EQUAL(parts("redisss://h"),
                  std::string{"does not begin with redis:// or rediss://"}
                    + form);
}
