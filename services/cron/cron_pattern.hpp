/// Cron patterns in the dialect of npm's cron-parser, which BullMQ uses, and
/// `W` besides.
#pragma once

#include "messages/result.hpp"

#include <array>
#include <bitset>
#include <chrono>
#include <string_view>

namespace darkroom {

/// A pattern, read: which seconds, minutes, hours and days match.
///
/// Five fields (minute, hour, day of month, month, day of week), or six with
/// the second in front. A field is a list of `*`, `?`, `n`, `a-b`, each with a
/// step `/n` if wanted. Months and days have names of three letters; Sunday is
/// 0 or 7. Besides: `L` (last day), `nW` and `LW` (working day nearest to it,
/// in the same month), `nL` (last such weekday), `n#k` (k-th such weekday).
/// Also `@yearly`, `@monthly`, `@weekly`, `@daily`, `@hourly`, and the like.
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

/// Whether the pattern names this day. Where day of month and weekday are both
/// restricted, either will do.
bool matches_day(const cron_pattern& pattern, std::chrono::sys_days day);

} // namespace darkroom
