#define CAF_SUITE explain_text

#include "services/redis/explain_text.hpp"
#include "tests/support/must.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using nlohmann::json;

namespace {

constexpr int64_t now = 1700000000000;

std::string text_of(const json& place) {
  std::string out;
  for (const auto& line : explain_text("7", place, now))
    out += line + "\n";
  return out;
}

json waiting() {
  return {{"state", "waiting"}, {"ahead", 3}, {"earliest", now}};
}

} // namespace

CAF_TEST(a job that nothing holds waits for a worker) {
  auto text = text_of(waiting());
  CAF_CHECK(has(text, "job 7 is waiting: 3 jobs are before it"));
  CAF_CHECK(has(text, "no limit holds it"));
}

CAF_TEST(a paused queue is told) {
  auto place = waiting();
  place["paused"] = true;
  CAF_CHECK(has(text_of(place), "paused"));
  CAF_CHECK(!has(text_of(place), "no limit"));
}

CAF_TEST(concurrency that is used up is told) {
  auto place = waiting();
  place["active"] = 4;
  place["concurrency"] = 5;
  CAF_CHECK(!has(text_of(place), "at once"));
  place["active"] = 5;
  CAF_CHECK(has(text_of(place), "5 jobs run, and the queue allows 5 at once"));
}

CAF_TEST(a limit is told with the earliest start) {
  auto place = waiting();
  place["limit"] = 10;
  place["earliest"] = now + 12300;
  auto text = text_of(place);
  CAF_CHECK(has(text, "the queue allows 10 starts a window"));
  CAF_CHECK(has(text, local_time(now + 12300) + " (in 12.3 s)"));
}

CAF_TEST(a resource tells its use its promise and its rest) {
  auto place = waiting();
  place["earliest"] = now + 2000;
  place["resources"]["vision"]
    = {{"max", 20},    {"window", 2000},         {"used", 20},
       {"waiting", 1}, {"promised", now + 2000}, {"pausedUntil", now + 1000}};
  auto text = text_of(place);
  CAF_CHECK(has(text, "'vision' rests until " + local_time(now + 1000)));
  CAF_CHECK(has(text, "20 of 20 starts in 2 s are used, 1 job is in turn"));
  CAF_CHECK(has(text, "promised " + local_time(now + 2000)));
}

CAF_TEST(one is in the singular) {
  auto place = waiting();
  place["concurrency"] = 1;
  place["active"] = 1;
  place["limit"] = 1;
  place["earliest"] = now + 2000;
  place["resources"]["vision"]
    = {{"max", 1}, {"window", 2000}, {"used", 1}, {"waiting", 0}};
  auto text = text_of(place);
  CAF_CHECK(has(text, "1 job runs, and the queue allows 1 at once"));
  CAF_CHECK(has(text, "the queue allows 1 start a window"));
  CAF_CHECK(has(text, "1 of 1 start in 2 s is used, 0 jobs are in turn"));
}

CAF_TEST(a job that does not wait has one sentence) {
  for (const auto* state :
       {"active", "completed", "failed", "waiting-children", "unknown"})
    CAF_CHECK_EQUAL(explain_text("7", {{"state", state}}, now).size(), 1u);
}

CAF_TEST(spans are short and exact enough) {
  CAF_CHECK_EQUAL(span_text(0), "0 ms");
  CAF_CHECK_EQUAL(span_text(999), "999 ms");
  CAF_CHECK_EQUAL(span_text(1000), "1 s");
  CAF_CHECK_EQUAL(span_text(59999), "59.9 s");
  CAF_CHECK_EQUAL(span_text(60000), "1 min");
  CAF_CHECK_EQUAL(span_text(250000), "4 min 10 s");
  CAF_CHECK_EQUAL(span_text(12000000), "3 h 20 min");
  CAF_CHECK_EQUAL(span_text(439200000), "5 d 2 h");
}
