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
}

CAF_TEST(a retention that is a text is true unless it is empty) {
  for (const auto* text : {R"("true")", R"("false")", R"("5")", R"("0")"})
    CAF_CHECK_EQUAL(keep(text), "0/0/1000");
  for (const auto* none : {R"("")", "null", "[]", "[5]", "{}"})
    CAF_CHECK_EQUAL(keep(none), "-1/0/1000");
}

CAF_TEST(the numbers of a retention may be texts or very large) {
  CAF_CHECK_EQUAL(keep(R"({"count":"7","limit":"5","age":"60"})"), "7/60/5");
  CAF_CHECK_EQUAL(keep(R"({"count":true,"age":false,"limit":null})"),
                  "-1/0/1000");
  CAF_CHECK_EQUAL(keep("9.007199254741e+15"), "9000000000000000/0/1000");
  CAF_CHECK_EQUAL(keep(R"({"age":1e300})"), "-1/9000000000000/1000");
  CAF_CHECK_EQUAL(keep(R"({"age":0.5})"), "-1/1/1000");
  CAF_CHECK_EQUAL(keep(R"({"count":-1e300})"), "-9000000000000000/0/1000");
}

CAF_TEST(an age of nothing is not the same as none) {
  for (const auto* age : {"0", "-1", "-1e300", R"("0")", R"("-5")"})
    CAF_CHECK_EQUAL(keep("{\"age\":" + std::string{age} + "}"), "-1/-1/1000");
  CAF_CHECK_EQUAL(keep(R"({"age":0,"count":7})"), "7/-1/1000");
  CAF_CHECK_EQUAL(keep(R"({"age":"old"})"), "-1/0/1000");
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
  for (const auto* none : {"null", "false", R"("")"})
    CAF_CHECK_EQUAL(backoff(none), "none 0");
}

CAF_TEST(a backoff that is a text is of no known kind) {
  CAF_CHECK_EQUAL(backoff("\"soon\""), "unknown 0");
  CAF_CHECK_EQUAL(backoff("\"1000\""), "unknown 0");
  CAF_CHECK_EQUAL(backoff("true"), "unknown 0");
}

CAF_TEST(the delay of a backoff may be a text or very large) {
  auto fixed = [](const std::string& delay) {
    return backoff(R"({"type":"fixed","delay":)" + delay + "}");
  };
  CAF_CHECK_EQUAL(fixed(R"("1000")"), "fixed 1000");
  CAF_CHECK_EQUAL(fixed(R"("soon")"), "fixed 0");
  CAF_CHECK_EQUAL(fixed("null"), "fixed 0");
  CAF_CHECK_EQUAL(fixed("9.007199254741e+15"), "fixed 9000000000000000");
  CAF_CHECK_EQUAL(fixed("1e300"), "fixed 9000000000000000");
  CAF_CHECK_EQUAL(backoff("1e300"), "fixed 9000000000000000");
  CAF_CHECK_EQUAL(fixed("-1"), "fixed -1"); // nothing is retried
  CAF_CHECK_EQUAL(fixed("-2"), "fixed 0");
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
  CAF_CHECK_EQUAL(jitter("\"0.5\""), 0.5);
  CAF_CHECK_EQUAL(jitter("null"), 0.0);
}

CAF_TEST(numbers out of range are put into it) {
  auto attempts = [](const std::string& value) {
    return parse_job_options("{\"attempts\":" + value + "}").attempts;
  };
  auto for_ever = static_cast<uint32_t>(INT32_MAX);
  CAF_CHECK_EQUAL(attempts("-1"), 0u);
  CAF_CHECK_EQUAL(attempts("1e15"), for_ever);
  CAF_CHECK_EQUAL(attempts("9.007199254741e+15"), for_ever);
  CAF_CHECK_EQUAL(attempts("9007199254740991"), for_ever);
  CAF_CHECK_EQUAL(attempts("18446744073709551616"), for_ever);
  CAF_CHECK_EQUAL(attempts("1e300"), for_ever);
  CAF_CHECK_EQUAL(attempts(R"("Infinity")"), for_ever);
  CAF_CHECK_EQUAL(attempts("2"), 2u);
  CAF_CHECK_EQUAL(attempts("2.5"), 3u); // two that failed are fewer
  for (const auto* three : {R"("3")", R"(" 3.0 ")", R"("0x3")", R"("+3")"})
    CAF_CHECK_EQUAL(attempts(three), 3u);
  for (const auto* none :
       {R"("")", R"("many")", R"("3x")", R"("nan")", R"("inf")", "null", "[]",
        "{}", "false", R"("0x")", R"("--3")"})
    CAF_CHECK_EQUAL(attempts(none), 0u);
}

CAF_TEST(a limit of stack traces cuts as slice does) {
  auto limit = [](const std::string& value) {
    return parse_job_options("{\"stackTraceLimit\":" + value + "}")
      .stack_trace_limit;
  };
  CAF_CHECK_EQUAL(limit("1"), 1);
  CAF_CHECK_EQUAL(limit(R"("1")"), 1);
  CAF_CHECK_EQUAL(limit("true"), 1);
  CAF_CHECK_EQUAL(limit("2.9"), 2);
  CAF_CHECK_EQUAL(limit("0"), 0);
  CAF_CHECK_EQUAL(limit("-1"), 0);
  CAF_CHECK_EQUAL(limit("1e300"), 9000000000000000);
  for (const auto* all :
       {R"("0")", R"("")", "false", "null", "0.5", "-0.5", R"("few")"})
    CAF_CHECK_EQUAL(limit(all), -1);
}

CAF_TEST(lines to keep may be a text or very many) {
  auto lines = [](const std::string& value) {
    return parse_job_options("{\"kl\":" + value + "}").keep_logs;
  };
  CAF_CHECK_EQUAL(lines(R"("2")"), 2u);
  CAF_CHECK_EQUAL(lines("2.9"), 2u);
  CAF_CHECK_EQUAL(lines("1e300"), static_cast<uint32_t>(INT32_MAX));
  CAF_CHECK_EQUAL(lines("0"), 0u);
}

CAF_TEST(lifo is what JavaScript takes for true) {
  auto is_lifo = [](const std::string& value) {
    return parse_job_options("{\"lifo\":" + value + "}").lifo;
  };
  for (const auto* yes : {"true", "1", R"("false")", R"("0")", "{}", "[]"})
    CAF_CHECK(is_lifo(yes));
  for (const auto* no : {"false", "0", R"("")", "null"})
    CAF_CHECK(!is_lifo(no));
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

CAF_TEST(the delay that a producer wanted is known and is never negative) {
  CAF_CHECK_EQUAL(parse_job_options("{}").delay_ms, 0);
  CAF_CHECK_EQUAL(parse_job_options(R"({"delay":1500})").delay_ms, 1500);
  CAF_CHECK_EQUAL(parse_job_options(R"({"delay":"20"})").delay_ms, 20);
  CAF_CHECK_EQUAL(parse_job_options(R"({"delay":-5})").delay_ms, 0);
  CAF_CHECK_EQUAL(parse_job_options(R"({"delay":[]})").delay_ms, 0);
}

CAF_TEST(the trace of a job is stored where BullMQ stores it) {
  auto options = with_trace_carrier(R"({"attempts":3})", R"({"a":"b"})");
  CAF_CHECK_EQUAL(options, R"({"attempts":3,"tm":"{\"a\":\"b\"}"})");
  CAF_CHECK_EQUAL(trace_carrier(options), R"({"a":"b"})");
  CAF_CHECK_EQUAL(with_trace_carrier(R"({"b":1, "a":2})", ""),
                  R"({"b":1, "a":2})");
  for (const auto* none :
       {"", "{}", R"({"tm":7})", R"({"tm":null})", R"(["tm"])", R"({"tm":)"})
    CAF_CHECK_EQUAL(trace_carrier(none), "");
}
