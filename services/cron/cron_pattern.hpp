/// Cron patterns in the dialect of npm's cron-parser, which BullMQ uses, plus
/// `W`.
#pragma once

#include "messages/result.hpp"

#include <array>
#include <bitset>
#include <chrono>
#include <string_view>

namespace darkroom {

/// A parsed pattern: which seconds, minutes, hours and days match.
///
/// A pattern has five fields (minute, hour, day of month, month, day of week),
/// or six with the second in front. A field is a list of `*`, `?`, `n` or
/// `a-b`, each optionally with a step `/n`. Months and days may be names of
/// three letters; Sunday is 0 or 7. Day fields also take `L` (last day), `nW`
/// and `LW` (the working day nearest to it in the same month), `nL` (last such
/// weekday) and `n#k` (k-th such weekday). `@yearly`, `@monthly`, `@weekly`,
/// `@daily`, `@hourly` and their synonyms are whole patterns.
struct cron_pattern {
  std::bitset<60> seconds;
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<32> days;     ///< of the month, from 1
  std::bitset<13> months;   ///< from 1
  std::bitset<7> weekdays;  ///< from Sunday
  bool any_day = false;     ///< `*`: only the weekday counts
  bool any_weekday = false; ///< `*`: only the day of the month counts
  bool last_day = false;
  bool last_working_day = false;
  std::bitset<32> nearest_working_days;       ///< `nW`
  std::bitset<7> last_weekdays;               ///< `nL`
  std::array<std::bitset<7>, 6> nth_weekdays; ///< `n#k`: [k], from 1
};

/// @returns ec::bad_input naming the field that cannot be read
result<cron_pattern> parse_cron(std::string_view text);

/// Whether the pattern matches this day. If it restricts both day of month and
/// weekday, matching one of them is enough.
bool matches_day(const cron_pattern& pattern, std::chrono::sys_days day);

} // namespace darkroom
