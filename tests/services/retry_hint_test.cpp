#define CAF_SUITE retry_hint

#include "services/provider/retry_hint.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

constexpr int64_t now = 1700000000000; // 2023-11-14T22:13:20Z

struct row {
  const char* text;
  int64_t ms;
};

int64_t hint_of(long status, std::map<std::string, std::string> headers,
                const std::string& body = {}) {
  http_answer answer{status, std::move(headers), body};
  auto value = nlohmann::json::parse(body, nullptr, false);
  if (value.is_discarded())
    value = nullptr;
  return retry_hint(answer, read_refusal(answer, std::move(value), {}), now);
}

} // namespace

CAF_TEST(lengths of time are read in all their forms) {
  for (auto x : {row{"6m0s", 360000}, row{"1h2m", 3720000}, row{"20ms", 20},
                 row{"2m59.56s", 179560}, row{"7.66s", 7660}, row{"34s", 34000},
                 row{"1.2", 1200}, row{"5 seconds.", 5000},
                 row{"2 minutes", 120000}, row{"1d", 86400000}, row{"", -1},
                 row{"soon", -1}, row{"5 requests", -1}, row{"-3", -1}})
    CAF_CHECK_EQUAL(parse_duration(x.text), x.ms);
}

CAF_TEST(a reset is a length a date or a time since the epoch) {
  for (auto x :
       {row{"17", 17000}, row{"0.5", 500}, row{"0", 0}, row{"-5", 0},
        row{"1700000060", 60000}, row{"1700000060000", 60000},
        row{"1600000000", 0}, row{"Tue, 14 Nov 2023 22:14:20 GMT", 60000},
        row{"2023-11-14T22:14:20Z", 60000}, row{"20ms", 20}, row{"soon", -1},
        row{"", -1}})
    if (x.ms >= 0)
      CAF_CHECK_EQUAL(parse_reset(x.text, now), x.ms);
    else
      CAF_CHECK(parse_reset(x.text, now) < 0);
}

CAF_TEST(headers come before the body and the most exact first) {
  CAF_CHECK_EQUAL(
    hint_of(429, {{"retry-after-ms", "1500"}, {"retry-after", "7"}}), 1500);
  CAF_CHECK_EQUAL(
    hint_of(503, {{"retry-after", "7"}, {"x-ratelimit-reset", "90"}}), 7000);
  CAF_CHECK_EQUAL(hint_of(500, {{"retry-after", "2.5"}}), 2500);
  CAF_CHECK_EQUAL(hint_of(429, {{"x-ratelimit-reset", "1700000060000"}}),
                  60000);
}

CAF_TEST(the limit that is used up says when) {
  std::map<std::string, std::string> headers{
    {"x-ratelimit-remaining-requests", "0"},
    {"x-ratelimit-reset-requests", "6m0s"},
    {"x-ratelimit-remaining-tokens", "500"},
    {"x-ratelimit-reset-tokens", "20ms"}};
  CAF_CHECK_EQUAL(hint_of(429, headers), 360000);
  headers["x-ratelimit-remaining-requests"] = "4";
  headers["x-ratelimit-remaining-tokens"] = "0";
  CAF_CHECK_EQUAL(hint_of(429, headers), 200);
  headers["x-ratelimit-remaining-tokens"] = "9";
  CAF_CHECK_EQUAL(hint_of(500, headers), 0); // another trouble
}

CAF_TEST(fields and words of an error say when) {
  auto of = [](const char* body) {
    return hint_of(429, {}, body);
  };
  CAF_CHECK_EQUAL(
    of(R"({"error":{"message":"Please try again in 1.2s. Visit x."}})"), 1200);
  CAF_CHECK_EQUAL(of(R"([{"error":{"code":429,"details":[{"@type":"RetryInfo",)"
                     R"("retryDelay":"34s"}]}}])"),
                  34000);
  CAF_CHECK_EQUAL(of(R"({"error":{"message":"x","retry_after":3}})"), 3000);
  CAF_CHECK_EQUAL(of(R"({"error":{"metadata":{"headers":)"
                     R"({"X-RateLimit-Reset":"1700000060000"}}}})"),
                  60000);
  CAF_CHECK_EQUAL(
    of(R"({"error":{"message":"Please retry after 17 seconds"}})"), 17000);
  CAF_CHECK_EQUAL(of(R"({"error":{"message":"busy"}})"), 0);
  CAF_CHECK_EQUAL(of("try again in 2 minutes"), 120000);
}

CAF_TEST(a hint is neither too short nor longer than a quarter of an hour) {
  CAF_CHECK_EQUAL(hint_of(429, {{"retry-after", "0"}}), 1000);
  CAF_CHECK_EQUAL(hint_of(429, {{"retry-after-ms", "5"}}), 200);
  CAF_CHECK_EQUAL(hint_of(429, {{"retry-after", "86400"}}), max_hint_ms);
  CAF_CHECK_EQUAL(hint_of(429, {{"retry-after", "899"}}), 899000);
  CAF_CHECK_EQUAL(hint_of(429, {}), 0);
}

CAF_TEST(jitter adds up to a tenth) {
  CAF_CHECK_EQUAL(with_jitter(1000, 0), 1000);
  CAF_CHECK_EQUAL(with_jitter(1000, 1), 1100);
  CAF_CHECK_EQUAL(with_jitter(max_hint_ms, 1), max_hint_ms);
  CAF_CHECK_EQUAL(with_jitter(0, 1), 0);
}
