#include "services/redis/next_iteration.hpp"

#include "services/cron/next_cron.hpp"
#include "services/json/json.hpp"
#include "services/redis/option_value.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace darkroom {

namespace {

using nlohmann::json;

/// A date as JavaScript writes it, in ms or as text; 0 if there is none.
int64_t date_of(const json& object, const char* key) {
  auto text = text_member(object, key);
  if (text.empty())
    return number_at(object, key, 0);
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0;
  auto read = std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u:%2u.%3uZ", &year,
                          &month, &day, &hour, &minute, &second, &ms);
  if (read < 6)
    return 0;
  using namespace std::chrono;
  sys_days date{year_month_day{
    std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}}};
  return duration_cast<milliseconds>(date.time_since_epoch()).count()
         + ((hour * 60 + minute) * 60 + second) * int64_t{1000} + ms;
}

/// The slot in the id of an iteration.
result<int64_t> slot_of(const std::string& id, const std::string& scheduler) {
  auto start = "repeat:" + scheduler + ":";
  int64_t slot = 0;
  const auto* end = id.data() + id.size();
  if (id.starts_with(start)) {
    auto read = std::from_chars(id.data() + start.size(), end, slot);
    if (read.ec == std::errc{} && read.ptr == end)
      return slot;
  }
  return fail(ec::bad_input,
              "'" + id + "' is not an iteration of a job scheduler");
}

/// Skips slots that were missed.
int64_t next_of_every(int64_t slot, int64_t every, int64_t offset,
                      int64_t now) {
  auto due = slot + every;
  if (due >= now)
    return due;
  due = now / every * every + offset;
  return due <= now ? due + every : due;
}

result<int64_t> next_of_pattern(const json& repeat, int64_t after) {
  return next_cron(text_member(repeat, "pattern"), text_member(repeat, "tz"),
                   std::max(after, date_of(repeat, "startDate")));
}

} // namespace

result<std::optional<next_iteration>>
follow(const std::string& taken_id, const std::string& scheduler,
       std::string_view text, int64_t offset, int64_t now) {
  auto slot = slot_of(taken_id, scheduler);
  if (!slot)
    return std::move(slot.error());
  auto parsed = parse_json(text);
  if (!parsed)
    return std::move(parsed.error());
  auto& options = *parsed;
  auto repeat = options.is_object() ? options.value("repeat", json{}) : json{};
  if (!repeat.is_object())
    return fail(ec::bad_input, "the options have no 'repeat'");
  auto count = number_at(repeat, "count", 0) + 1;
  auto limit = number_at(repeat, "limit", 0);
  auto end = date_of(repeat, "endDate");
  if ((limit > 0 && count > limit) || (end > 0 && now > end))
    return std::optional<next_iteration>{};
  next_iteration out;
  out.slot = *slot;
  auto every = number_at(repeat, "every", 0);
  if (every > 0) {
    out.due = next_of_every(*slot, every, offset, now);
  } else {
    auto due = next_of_pattern(
      repeat, std::max(now, number_at(options, "prevMillis", 0)));
    if (!due)
      return std::move(due.error());
    if (end > 0 && *due > end)
      return std::optional<next_iteration>{};
    out.due = *due;
    options["prevMillis"] = out.due;
  }
  out.delay_ms = std::max<int64_t>(0, out.due - now);
  repeat["count"] = count;
  options["repeat"] = std::move(repeat);
  options["jobId"] = "repeat:" + scheduler + ":" + std::to_string(out.due);
  options["repeatJobKey"] = scheduler;
  options["timestamp"] = now;
  options["delay"] = out.delay_ms;
  if (!options.contains("attempts"))
    options["attempts"] = 0;
  out.options = write_json(options);
  out.priority
    = static_cast<uint32_t>(number_at(options, "priority", 0, 0, 2097151));
  out.lifo = is_truthy(options.value("lifo", json{}));
  return std::optional{std::move(out)};
}

} // namespace darkroom
