#define CAF_SUITE event_lines

#include "nodes/commands/event_lines.hpp"
#include "services/json/json.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

queue_event event_of(const std::string& name) {
  queue_event out;
  out.id = "1732560000123-0";
  out.at = 1732560000123;
  out.name = name;
  out.job_id = "7";
  return out;
}

constexpr int64_t now = 1800000000000;

int64_t time_of(const std::string& text) {
  return must(read_event_start(text, now)).time;
}

} // namespace

CAF_TEST(a beginning is a time or a span or the id of an event) {
  CAF_CHECK_EQUAL(time_of("10m"), now - 600000);
  CAF_CHECK_EQUAL(time_of("0s"), now);
  CAF_CHECK_EQUAL(time_of("1732560000000"), 1732560000000);
  CAF_CHECK_EQUAL(time_of("2026-11-29"), 1795910400000);
  CAF_CHECK_EQUAL(time_of("2026-11-29T00:00:01Z"), 1795910401000);
  auto after = must(read_event_start("1732560000000-3", now));
  CAF_CHECK_EQUAL(after.after, "1732560000000-3");
  for (const auto* wrong :
       {"", "yesterday", "-5", "5-", "-", "1-2-3", "2026-02-31"})
    CAF_CHECK(refused(read_event_start(wrong, now)).code == ec::bad_input);
}

CAF_TEST(an event has the fields of its entry and the subject of its job) {
  auto x = event_of("completed");
  x.more = {{"returnvalue", R"({"ok":true})"}, {"prev", "active"}};
  auto out = to_json(x, {"echo", R"({"imageId":"cat-1"})"});
  CAF_CHECK_EQUAL(
    write_json(out),
    R"({"at":1732560000123,"id":"1732560000123-0","imageId":"cat-1",)"
    R"("jobId":"7","jobName":"echo","prev":"active",)"
    R"("returnvalue":{"ok":true},"type":"job-completed"})");
}

CAF_TEST(a job that is gone has the name that its entry has or none) {
  auto x = event_of("added");
  x.more = {{"name", "echo"}};
  auto told = to_json(x, {});
  CAF_CHECK_EQUAL(told["jobName"], "echo");
  CAF_CHECK(!to_json(event_of("removed"), {}).contains("jobName"));
}

CAF_TEST(progress is told as such and unknown events keep their name) {
  auto x = event_of("progress");
  x.more = {{"data", "40"}};
  auto told = to_json(x, {});
  CAF_CHECK_EQUAL(told["progress"], 40);
  auto other = to_json(event_of("new-one"), {});
  CAF_CHECK_EQUAL(other["type"], "new-one");
}

CAF_TEST(only chosen events are told) {
  auto shown = to_json(event_of("failed"), {"echo", R"({"imageId":"a"})"});
  event_choice choice;
  CAF_CHECK(is_chosen(shown, choice));
  choice.types = {"job-failed"};
  choice.image_id = "a";
  choice.job_id = "7";
  CAF_CHECK(is_chosen(shown, choice));
  choice.job_id = "8";
  CAF_CHECK(!is_chosen(shown, choice));
}

CAF_TEST(a line is escaped and fits) {
  auto x = event_of("failed");
  x.more = {{"failedReason", "broke\x1b[2J" + std::string(200, 'x')}};
  auto shown = to_json(x, {"echo\n", "{}"});
  auto line = event_line(shown, 80, false);
  CAF_CHECK(line.find('\x1b') == line.npos && line.find('\n') == line.npos);
  CAF_CHECK(line.find(R"(echo\n)") != line.npos);
  CAF_CHECK(line.ends_with("…"));
  auto coloured = event_line(shown, 80, true);
  CAF_CHECK(coloured.find("\x1b[31mjob-failed") != line.npos);
}
