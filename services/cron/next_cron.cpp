#include "services/cron/next_cron.hpp"

#include <algorithm>
#include <optional>

namespace darkroom {

namespace {

using namespace std::chrono;

/// February 29th falls on a given weekday again after at most 40 years.
constexpr auto horizon = days{50 * 366};
constexpr int64_t year_9999 = 253370764800000; ///< ms; its first moment

/// The first matching time of day at or after `from`.
std::optional<seconds> first_time(const cron_pattern& pattern, seconds from) {
  auto start = hh_mm_ss{from};
  auto minute = static_cast<size_t>(start.minutes().count());
  auto second = static_cast<size_t>(start.seconds().count());
  for (auto hour = static_cast<size_t>(start.hours().count()); hour < 24;
       ++hour, minute = 0, second = 0) {
    if (!pattern.hours[hour])
      continue;
    for (; minute < 60; ++minute, second = 0) {
      if (!pattern.minutes[minute])
        continue;
      for (; second < 60; ++second)
        if (pattern.seconds[second])
          return hours{hour} + minutes{minute} + seconds{second};
    }
  }
  return std::nullopt;
}

/// The first match of the wall clock in [from, end), or `end` if there is none.
local_seconds first_match(const cron_pattern& pattern, local_seconds from,
                          local_seconds end) {
  auto day = floor<days>(from);
  auto time = from - day;
  for (; day < end; day += days{1}, time = seconds{0}) {
    year_month_day date{day};
    if (!pattern.months[static_cast<unsigned>(date.month())]) {
      auto last = local_days{date.year() / date.month() / std::chrono::last};
      day = last; // the loop continues at the first of the next month
      continue;
    }
    if (!matches_day(pattern, sys_days{day.time_since_epoch()}))
      continue;
    if (auto found = first_time(pattern, time))
      return std::min(day + *found, end);
  }
  return end;
}

local_seconds local(sys_seconds moment, seconds offset) {
  return local_seconds{moment.time_since_epoch() + offset};
}

/// The first match in [from, end) on a clock with this offset, or `end` if
/// there is none.
sys_seconds first_match(const cron_pattern& pattern, sys_seconds from,
                        sys_seconds end, seconds offset) {
  auto found = first_match(pattern, local(from, offset), local(end, offset));
  return sys_seconds{found.time_since_epoch() - offset};
}

} // namespace

result<int64_t> next_cron(const cron_pattern& pattern, const time_zone& zone,
                          int64_t after) {
  if (after < 0 || after > year_9999)
    return fail(ec::bad_input, "the time is beyond the calendar");
  auto present = floor<seconds>(sys_time<milliseconds>{milliseconds{after}});
  auto limit = present + horizon;
  auto from = present + seconds{1};
  auto left_out = limit; // wall-clock time that the last change skipped
  for (auto span = zone.span_at(present); from < limit;) {
    auto end = std::min(span.end, limit);
    auto found = std::min(left_out, from < end ? first_match(pattern, from, end,
                                                             span.offset)
                                               : end);
    if (found < end)
      return duration_cast<milliseconds>(found.time_since_epoch()).count();
    if (end == limit)
      break;
    auto next = zone.span_at(span.end);
    auto forward = next.offset - span.offset;
    auto changed = local(span.end, span.offset);
    from = span.end;
    left_out = limit;
    if (forward > seconds{0} && changed != floor<days>(changed)) {
      auto gap_end = span.end + forward;
      auto moved = first_match(pattern, span.end, gap_end, span.offset);
      if (moved < gap_end)
        left_out = moved;
    } else if (forward < seconds{0} && !pattern.hours.all()) {
      from = span.end - forward;
    }
    span = next;
  }
  return fail(ec::bad_input, "the cron pattern never matches");
}

result<int64_t> next_cron(const std::string& pattern, const std::string& zone,
                          int64_t after) {
  auto parsed = parse_cron(pattern);
  if (!parsed)
    return std::move(parsed.error());
  auto found = time_zone::find(zone);
  if (!found)
    return std::move(found.error());
  return next_cron(*parsed, *found, after);
}

} // namespace darkroom
