#include "nodes/commands/event_lines.hpp"

#include "actors/jobs/job_subject.hpp"
#include "config/units.hpp"
#include "services/json/json.hpp"
#include "services/text/columns.hpp"
#include "services/text/printable.hpp"
#include "services/text/time_text.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>

namespace darkroom {

namespace {

using nlohmann::json;

/// BullMQ's names -> ours. The first five are those of `worker:events`.
const std::map<std::string, std::string> known_types{
  {"added", "job-queued"},
  {"active", "job-active"},
  {"progress", "job-progress"},
  {"completed", "job-completed"},
  {"failed", "job-failed"},
  {"waiting", "job-waiting"},
  {"waiting-children", "job-waiting-children"},
  {"delayed", "job-delayed"},
  {"stalled", "job-stalled"},
  {"removed", "job-removed"},
  {"duplicated", "job-duplicated"},
  {"deduplicated", "job-deduplicated"},
  {"debounced", "job-debounced"},
  {"retries-exhausted", "job-retries-exhausted"},
  {"drained", "queue-drained"},
  {"cleaned", "queue-cleaned"},
  {"paused", "queue-paused"},
  {"resumed", "queue-resumed"},
};

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
}

/// "12:03:04.123" in the machine's time zone.
std::string clock_text(int64_t ms) {
  auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d.%03d", local.tm_hour,
                local.tm_min, local.tm_sec, static_cast<int>(ms % 1000));
  return text;
}

/// What the line ends with.
std::string end_of_line(const json& event) {
  for (const auto* key : {"failedReason", "progress", "returnvalue", "delay"}) {
    auto found = event.find(key);
    if (found == event.end())
      continue;
    return found->is_string() ? found->get<std::string>() : write_json(*found);
  }
  return {};
}

const char* colour_of(const std::string& type) {
  if (type == "job-failed" || type == "job-retries-exhausted")
    return "\x1b[31m";
  if (type == "job-stalled" || type == "queue-paused")
    return "\x1b[33m";
  return type == "job-completed" ? "\x1b[32m" : "";
}

} // namespace

std::vector<std::string> event_types() {
  std::vector<std::string> out;
  out.reserve(std::size(known_types));
  for (const auto& [theirs, ours] : known_types)
    out.push_back(ours);
  std::sort(out.begin(), out.end());
  return out;
}

result<event_start> read_event_start(const std::string& text, int64_t now) {
  event_start out;
  auto dash = text.find('-');
  if (dash != std::string::npos && is_digits(text.substr(0, dash))
      && is_digits(text.substr(dash + 1))) {
    out.after = text;
    return out;
  }
  auto is_number = is_digits(text);
  if (auto span = parse_duration(text); span && !is_number) {
    out.time = now - span->count();
    return out;
  }
  auto time = read_time(text);
  if (!time || *time < 0)
    return fail(ec::bad_input,
                "--since '" + printable(text, 60)
                  + "' is no time: use 10m, 2026-11-29, 2026-11-29T08:30:00Z, "
                    "ms since the epoch, or the id of an event");
  out.time = *time;
  return out;
}

json to_json(const queue_event& what, const event_subject& about) {
  auto known = known_types.find(what.name);
  json out{{"id", what.id},
           {"at", what.at},
           {"type", known == known_types.end() ? what.name : known->second}};
  if (!what.job_id.empty())
    out["jobId"] = what.job_id;
  for (const auto& [field, text] : what.more) {
    auto is_json = field == "data" || field == "returnvalue";
    json value(text);
    if (is_json)
      if (auto parsed = parse_json(text))
        value = std::move(*parsed);
    // The data of a progress event is the progress.
    auto name = field == "data" && what.name == "progress" ? "progress" : field;
    out.emplace(name, std::move(value));
  }
  auto name = what.more.find("name");
  out["jobName"] = name != what.more.end() ? name->second : about.job_name;
  out.erase("name");
  if (auto image = subject_of(about.data).image_id; !image.empty())
    out["imageId"] = image;
  if (text_member(out, "jobName").empty())
    out.erase("jobName");
  return out;
}

bool is_chosen(const json& event, const event_choice& choice) {
  auto fits = [&event](const std::string& wanted, const char* key) {
    return wanted.empty() || text_member(event, key) == wanted;
  };
  return (choice.types.empty()
          || choice.types.count(text_member(event, "type")) > 0)
         && fits(choice.job_id, "jobId") && fits(choice.image_id, "imageId");
}

std::string event_line(const json& event, size_t columns, bool is_coloured) {
  constexpr size_t longest_rest = 1000; // bytes
  auto text = [&event](const char* key, size_t bytes) {
    auto value = text_member(event, key);
    return value.empty() ? std::string{"-"} : printable(value, bytes);
  };
  auto type = text_member(event, "type");
  auto before = clock_text(event.value("at", int64_t{0})) + "  ";
  auto shown = padded(printable(type, 40), 14);
  auto after = "  " + padded(text("jobId", 60), 8) + "  "
               + padded(text("jobName", 60), 19) + "  " + text("imageId", 60)
               + "  " + printable(end_of_line(event), longest_rest);
  after.erase(after.find_last_not_of(' ') + 1);
  auto used = columns_of(before) + columns_of(shown);
  after = clipped(after, columns > used ? columns - used : 0);
  const auto* colour = is_coloured ? colour_of(type) : "";
  return before + (*colour != '\0' ? colour + shown + "\x1b[0m" : shown)
         + after;
}

} // namespace darkroom
