#define CAF_SUITE job_options

#include "services/redis/job_options.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

std::string keep(const std::string& value) {
  auto x = parse_job_options("{\"removeOnComplete\":" + value + "}");
  const auto& kept = x.on_complete;
  return std::to_string(kept.count) + "/" + std::to_string(kept.age_s) + "/"
         + std::to_string(kept.limit);
}

std::string backoff(const std::string& value) {
  auto x = parse_job_options("{\"backoff\":" + value + "}");
  const char* names[] = {"none", "fixed", "exponential", "unknown"};
  return names[static_cast<int>(x.backoff)] + std::string{" "}
         + std::to_string(x.backoff_ms);
}

} // namespace

CAF_TEST(options that are absent have defaults) {
  for (auto text : {"{}", "", "[]", "null", "{broken", "3", "\"x\""}) {
    auto x = parse_job_options(text);
    CAF_CHECK_EQUAL(x.attempts, 0u);
    CAF_CHECK(x.backoff == backoff_kind::none);
    CAF_CHECK_EQUAL(x.on_complete.count, -1);
    CAF_CHECK_EQUAL(x.on_fail.count, -1);
    CAF_CHECK_EQUAL(x.keep_logs, 0u);
    CAF_CHECK_EQUAL(x.stack_trace_limit, -1);
    CAF_CHECK(!x.lifo);
  }
}

CAF_TEST(options are read by the names BullMQ stores) {
  auto x = parse_job_options(R"({"attempts":3,"kl":20,"stackTraceLimit":0,)"
                             R"("lifo":true,"removeOnFail":5,"fpof":true,)"
                             R"("tm":"x","unknown":{"a":[1]}})");
  CAF_CHECK_EQUAL(x.attempts, 3u);
  CAF_CHECK_EQUAL(x.keep_logs, 20u);
  CAF_CHECK_EQUAL(x.stack_trace_limit, 0);
  CAF_CHECK(x.lifo);
  CAF_CHECK_EQUAL(x.on_fail.count, 5);
  CAF_CHECK_EQUAL(x.on_complete.count, -1);
}

CAF_TEST(a retention is read in each of its shapes) {
  CAF_CHECK_EQUAL(keep("true"), "0/0/1000");
  CAF_CHECK_EQUAL(keep("false"), "-1/0/1000");
  CAF_CHECK_EQUAL(keep("0"), "0/0/1000");
  CAF_CHECK_EQUAL(keep("100"), "100/0/1000");
  CAF_CHECK_EQUAL(keep("-1"), "-1/0/1000");
  CAF_CHECK_EQUAL(keep(R"({"count":7})"), "7/0/1000");
  CAF_CHECK_EQUAL(keep(R"({"age":60})"), "-1/60/1000");
  CAF_CHECK_EQUAL(keep(R"({"age":60,"count":7,"limit":5})"), "7/60/5");
  CAF_CHECK_EQUAL(keep(R"("yes")"), "-1/0/1000");
  CAF_CHECK_EQUAL(keep(R"({"count":"7"})"), "-1/0/1000");
}

CAF_TEST(an age of nothing keeps nothing) {
  CAF_CHECK_EQUAL(keep(R"({"age":0})"), "0/0/1000");
  CAF_CHECK_EQUAL(keep(R"({"age":0,"count":7})"), "0/0/1000");
}

CAF_TEST(a backoff is read in each of its shapes) {
  CAF_CHECK_EQUAL(backoff("500"), "fixed 500");
  CAF_CHECK_EQUAL(backoff(R"({"type":"fixed","delay":9})"), "fixed 9");
  CAF_CHECK_EQUAL(backoff(R"({"type":"exponential","delay":9})"),
                  "exponential 9");
  CAF_CHECK_EQUAL(backoff(R"({"type":"fixed"})"), "fixed 0");
  CAF_CHECK_EQUAL(backoff(R"({"type":"my own","delay":9})"), "unknown 9");
  CAF_CHECK_EQUAL(backoff(R"({"delay":9})"), "unknown 9");
  CAF_CHECK_EQUAL(backoff(R"({"type":"fixed","delay":-9})"), "fixed 0");
  CAF_CHECK_EQUAL(backoff("-9"), "fixed 0");
  CAF_CHECK_EQUAL(backoff("\"soon\""), "none 0");
}

CAF_TEST(the jitter is a share) {
  auto jitter = [](const std::string& value) {
    return parse_job_options(R"({"backoff":{"type":"fixed","delay":1,"jitter":)"
                             + value + "}}")
      .jitter;
  };
  CAF_CHECK_EQUAL(jitter("0.5"), 0.5);
  CAF_CHECK_EQUAL(jitter("7"), 1.0);
  CAF_CHECK_EQUAL(jitter("-1"), 0.0);
  CAF_CHECK_EQUAL(jitter("\"x\""), 0.0);
}

CAF_TEST(numbers out of range do no harm) {
  CAF_CHECK_EQUAL(parse_job_options(R"({"attempts":-1})").attempts, 0u);
  CAF_CHECK_EQUAL(parse_job_options(R"({"attempts":1e15})").attempts,
                  static_cast<uint32_t>(INT32_MAX));
  CAF_CHECK_EQUAL(parse_job_options(R"({"attempts":1e300})").attempts, 0u);
  CAF_CHECK_EQUAL(parse_job_options(R"({"attempts":2.9})").attempts, 2u);
  CAF_CHECK_EQUAL(parse_job_options(R"({"attempts":"3"})").attempts, 0u);
}

CAF_TEST(a lone surrogate voids no option) {
  auto x = parse_job_options(R"({"attempts":3,"jobId":"a\ud800"})");
  CAF_CHECK_EQUAL(x.attempts, 3u);
}

CAF_TEST(own jobs have options that are read back alike) {
  job_settings settings;
  auto x = parse_job_options(default_job_options(settings));
  CAF_CHECK_EQUAL(x.attempts, 3u);
  CAF_CHECK(x.backoff == backoff_kind::exponential);
  CAF_CHECK_EQUAL(x.backoff_ms, 2000);
  CAF_CHECK_EQUAL(x.on_complete.age_s, 3600);
  CAF_CHECK_EQUAL(x.on_complete.count, 1000);
  CAF_CHECK_EQUAL(x.on_fail.age_s, 86400);
  CAF_CHECK_EQUAL(x.on_fail.count, -1);
}
