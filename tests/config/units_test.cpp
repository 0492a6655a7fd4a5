#define CAF_SUITE units

#include "config/units.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

std::string why(const char* text) {
  auto parsed = parse_duration(text);
  return parsed ? "" : parsed.error().context;
}

std::string why_number(const char* text) {
  auto parsed = parse_number(text);
  return parsed ? "" : parsed.error().context;
}

} // namespace

CAF_TEST(durations have a unit) {
  CAF_CHECK_EQUAL(*parse_duration("500ms"), 500ms);
  CAF_CHECK_EQUAL(*parse_duration("2s"), 2s);
  CAF_CHECK_EQUAL(*parse_duration("1m"), 1min);
  CAF_CHECK_EQUAL(*parse_duration("24h"), 24h);
  CAF_CHECK_EQUAL(*parse_duration("0"), 0ms);
}

CAF_TEST(what is no duration says which forms are) {
  for (auto text : {"", "s", "-1s", "1.5s", "1 s", "2d", "1m30s"})
    CAF_CHECK(why(text).find("is not a duration; write \"500ms\"") == 0);
}

CAF_TEST(a duration without a unit is refused because it may be either) {
  CAF_CHECK_EQUAL(why("5"), "has no unit; write \"5s\" for seconds or \"5ms\" "
                            "for milliseconds");
  CAF_CHECK_EQUAL(why("00"), "");
}

CAF_TEST(rates have a count and a time) {
  auto slow = parse_rate("10/60s");
  CAF_REQUIRE(slow);
  CAF_CHECK_EQUAL(slow->count, 10);
  CAF_CHECK_EQUAL(slow->window, 60s);
  auto brief = parse_rate("10/s");
  CAF_REQUIRE(brief);
  CAF_CHECK_EQUAL(brief->window, 1s);
  auto long_one = parse_rate("100/5m");
  CAF_REQUIRE(long_one);
  CAF_CHECK_EQUAL(long_one->window, 5min);
  for (auto text : {"10", "/s", "10/", "ten/s", "10/60", "10/2d"})
    CAF_CHECK(!parse_rate(text));
  CAF_CHECK(parse_rate("10").error().context.find("write \"10/s\"")
            != std::string::npos);
}

CAF_TEST(the longest duration is the last that fits 64 bits) {
  CAF_CHECK(parse_duration("9223372036854775807ms"));
  CAF_CHECK_EQUAL(why("9223372036854775808ms"), "is too large");
  CAF_CHECK(parse_duration("9223372036854775s"));
  CAF_CHECK_EQUAL(why("9223372036854776s"), "is too large");
}

CAF_TEST(sizes are decimal or binary) {
  CAF_CHECK_EQUAL(*parse_size("50MB"), 50000000u);
  CAF_CHECK_EQUAL(*parse_size("50MiB"), 52428800u);
  CAF_CHECK_EQUAL(*parse_size("1kB"), 1000u);
  CAF_CHECK_EQUAL(*parse_size("1KB"), 1000u);
  CAF_CHECK_EQUAL(*parse_size("1KiB"), 1024u);
  CAF_CHECK_EQUAL(*parse_size("2GiB"), 2147483648u);
  CAF_CHECK_EQUAL(*parse_size("2GB"), 2000000000u);
  CAF_CHECK_EQUAL(*parse_size("7B"), 7u);
  CAF_CHECK_EQUAL(*parse_size("7"), 7u);
}

CAF_TEST(what is no size says which forms are) {
  for (auto text : {"", "MB", "-1", "1.5MB", "1 MB", "1TB", "1mb"}) {
    auto parsed = parse_size(text);
    CAF_REQUIRE(!parsed);
    CAF_CHECK(parsed.error().context.find("is not a size; write") == 0);
  }
}

CAF_TEST(numbers are whole and fit 64 bits) {
  CAF_CHECK_EQUAL(*parse_number("-7"), -7);
  CAF_CHECK_EQUAL(*parse_number("9223372036854775807"), INT64_MAX);
  CAF_CHECK_EQUAL(why_number("9223372036854775808"), "is too large");
  for (auto text : {"", "abc", "1.0", "1 ", " 1", "0x10", "+1"})
    CAF_CHECK_EQUAL(why_number(text), "is not a whole number");
}

CAF_TEST(values are shown in their shortest exact form) {
  CAF_CHECK_EQUAL(format_duration(0ms), "0ms");
  CAF_CHECK_EQUAL(format_duration(999ms), "999ms");
  CAF_CHECK_EQUAL(format_duration(1000ms), "1s");
  CAF_CHECK_EQUAL(format_duration(1001ms), "1001ms");
  CAF_CHECK_EQUAL(format_duration(90s), "90s");
  CAF_CHECK_EQUAL(format_duration(24h), "24h");
  CAF_CHECK_EQUAL(format_size(0), "0B");
  CAF_CHECK_EQUAL(format_size(1023), "1023B");
  CAF_CHECK_EQUAL(format_size(1024), "1KiB");
  CAF_CHECK_EQUAL(format_size(1025), "1025B");
  CAF_CHECK_EQUAL(format_size(1610612736), "1536MiB");
}

CAF_TEST(an amount has at most six decimals) {
  CAF_CHECK_EQUAL(*parse_amount("0.15"), 0.15);
  CAF_CHECK_EQUAL(*parse_amount("5"), 5.0);
  for (const auto* text :
       {"", "-1", "1e3", "0.1234567", "5 EUR", "nan", "inf", " 1"})
    CAF_CHECK(!parse_amount(text));
  CAF_CHECK_EQUAL(format_amount(0.15), "0.15");
  CAF_CHECK_EQUAL(format_amount(5), "5");
  CAF_CHECK_EQUAL(format_amount(0.0000004), "0");
  CAF_CHECK_EQUAL(format_amount(1000000000), "1000000000");
}
