#include "services/cron/cron_pattern.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

namespace darkroom {

namespace {

using namespace std::chrono;

struct alias {
  std::string_view name;
  std::string_view fields;
};
constexpr alias aliases[] = {
  {"@yearly", "0 0 0 1 1 *"},     {"@annually", "0 0 0 1 1 *"},
  {"@monthly", "0 0 0 1 * *"},    {"@weekly", "0 0 0 * * 0"},
  {"@daily", "0 0 0 * * *"},      {"@hourly", "0 0 * * * *"},
  {"@minutely", "0 * * * * *"},   {"@secondly", "* * * * * *"},
  {"@weekdays", "0 0 0 * * 1-5"}, {"@weekends", "0 0 0 * * 0,6"},
};

constexpr std::string_view month_names = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
constexpr std::string_view day_names = "SUNMONTUEWEDTHUFRISAT";

/// One field of a pattern, and the range of its numbers.
struct field_range {
  const char* name;
  unsigned least;
  unsigned most;
  std::string_view names; ///< three letters each; the first means `least`
};
constexpr field_range second_range{"second", 0, 59, {}};
constexpr field_range minute_range{"minute", 0, 59, {}};
constexpr field_range hour_range{"hour", 0, 23, {}};
constexpr field_range day_range{"day of month", 1, 31, {}};
constexpr field_range month_range{"month", 1, 12, month_names};
constexpr field_range weekday_range{"day of week", 0, 7, day_names};

error bad(const field_range& range, std::string_view text) {
  return fail(ec::bad_input, "cron pattern: '" + std::string{text}
                               + "' is not a valid " + range.name);
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (size_t from = 0; from <= text.size();) {
    auto to = std::min(text.find(at, from), text.size());
    parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

bool is_any(std::string_view text) {
  return text == "*" || text == "?";
}

result<unsigned> number_in(const field_range& range, std::string_view text) {
  if (text.size() == 3)
    for (size_t i = 0; i + 3 <= range.names.size(); i += 3)
      if (range.names.substr(i, 3) == text)
        return range.least + static_cast<unsigned>(i / 3);
  unsigned value = 0;
  const auto* end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || value < range.least
      || value > range.most)
    return bad(range, text);
  return value;
}

/// The numbers of one entry of a list: `*`, `n`, `a-b`, with or without a step.
result<std::vector<unsigned>> numbers_of(const field_range& range,
                                         std::string_view text) {
  auto parts = split(text, '/');
  if (parts.size() > 2)
    return bad(range, text);
  auto from = range.least;
  auto to = range.most;
  if (!is_any(parts[0])) {
    auto ends = split(parts[0], '-');
    if (ends.size() > 2)
      return bad(range, text);
    auto first = number_in(range, ends[0]);
    auto last = number_in(range, ends.back());
    if (!first || !last || *first > *last)
      return bad(range, text);
    from = *first;
    if (ends.size() == 2 || parts.size() == 1) // `5/15` runs to the end
      to = *last;
  }
  unsigned step = 1;
  if (parts.size() == 2) {
    auto read = number_in({range.name, 1, 9999, {}}, parts[1]);
    if (!read)
      return bad(range, text);
    step = *read;
  }
  std::vector<unsigned> out;
  for (auto i = from; i <= to; i += step)
    out.push_back(i);
  return out;
}

template <size_t Size>
status read_numbers(const field_range& range, std::string_view text,
                    std::bitset<Size>& into) {
  for (auto entry : split(text, ',')) {
    auto numbers = numbers_of(range, entry);
    if (!numbers)
      return std::move(numbers.error());
    for (auto i : *numbers)
      into.set(i);
  }
  return ok;
}

status read_days(std::string_view text, cron_pattern& into) {
  into.any_day = is_any(text);
  for (auto entry : split(text, ',')) {
    if (entry == "L") {
      into.last_day = true;
    } else if (entry == "LW") {
      into.last_working_day = true;
    } else if (entry.ends_with('W')) {
      auto day = number_in(day_range, entry.substr(0, entry.size() - 1));
      if (!day)
        return bad(day_range, entry);
      into.nearest_working_days.set(*day);
    } else if (auto read = read_numbers(day_range, entry, into.days); !read) {
      return read;
    }
  }
  return ok;
}

status read_weekdays(std::string_view text, cron_pattern& into) {
  into.any_weekday = is_any(text);
  for (auto entry : split(text, ',')) {
    auto hash = entry.find('#');
    auto is_last = entry.size() > 1 && entry.ends_with('L');
    if (hash == entry.npos && !is_last) {
      auto numbers = numbers_of(weekday_range, entry);
      if (!numbers)
        return std::move(numbers.error());
      for (auto i : *numbers)
        into.weekdays.set(i % 7);
      continue;
    }
    auto day = number_in(weekday_range, is_last
                                          ? entry.substr(0, entry.size() - 1)
                                          : entry.substr(0, hash));
    if (!day)
      return bad(weekday_range, entry);
    if (is_last) {
      into.last_weekdays.set(*day % 7);
      continue;
    }
    auto which = number_in({"occurrence", 1, 5, {}}, entry.substr(hash + 1));
    if (!which)
      return bad(weekday_range, entry);
    into.nth_weekdays[*which].set(*day % 7);
  }
  return ok;
}

std::vector<std::string> words_of(std::string_view text) {
  std::string upper{text};
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  std::vector<std::string> words;
  constexpr auto blanks = " \t\r\n";
  for (size_t at = 0;
       (at = upper.find_first_not_of(blanks, at)) != upper.npos;) {
    auto end = std::min(upper.find_first_of(blanks, at), upper.size());
    words.push_back(upper.substr(at, end - at));
    at = end;
  }
  return words;
}

/// The working day nearest to `day`, within its month.
sys_days nearest_working_day(year_month_day date) {
  sys_days day{date};
  weekday which{day};
  auto last = sys_days{date.year() / date.month() / std::chrono::last};
  if (which == Saturday)
    return date.day() == std::chrono::day{1} ? day + days{2} : day - days{1};
  if (which == Sunday)
    return day == last ? day - days{2} : day + days{1};
  return day;
}

bool matches_day_of_month(const cron_pattern& pattern, sys_days day) {
  year_month_day date{day};
  auto number = static_cast<unsigned>(date.day());
  auto last = year_month_day{date.year() / date.month() / std::chrono::last};
  if (pattern.days[number] || (pattern.last_day && date == last)
      || (pattern.last_working_day && nearest_working_day(last) == day))
    return true;
  for (unsigned i = 1; i <= 31; ++i)
    if (pattern.nearest_working_days[i]
        && i <= static_cast<unsigned>(last.day())
        && nearest_working_day(date.year() / date.month() / std::chrono::day{i})
             == day)
      return true;
  return false;
}

bool matches_weekday(const cron_pattern& pattern, sys_days day) {
  year_month_day date{day};
  auto number = static_cast<unsigned>(date.day());
  auto which = weekday{day}.c_encoding();
  auto last = year_month_day{date.year() / date.month() / std::chrono::last};
  return pattern.weekdays[which]
         || pattern.nth_weekdays[(number + 6) / 7][which]
         || (pattern.last_weekdays[which]
             && number + 7 > static_cast<unsigned>(last.day()));
}

} // namespace

result<cron_pattern> parse_cron(std::string_view text) {
  for (const auto& x : aliases)
    if (x.name == text)
      return parse_cron(x.fields);
  auto words = words_of(text);
  if (words.size() == 5)
    words.insert(words.begin(), "0");
  if (words.size() != 6)
    return fail(ec::bad_input, "cron pattern '" + std::string{text}
                                 + "' needs five or six fields");
  cron_pattern out;
  for (const auto& read :
       {read_numbers(second_range, words[0], out.seconds),
        read_numbers(minute_range, words[1], out.minutes),
        read_numbers(hour_range, words[2], out.hours), read_days(words[3], out),
        read_numbers(month_range, words[4], out.months),
        read_weekdays(words[5], out)})
    if (!read)
      return error{read.error()};
  return out;
}

bool matches_day(const cron_pattern& pattern, std::chrono::sys_days day) {
  if (pattern.any_day)
    return pattern.any_weekday || matches_weekday(pattern, day);
  if (pattern.any_weekday)
    return matches_day_of_month(pattern, day);
  return matches_day_of_month(pattern, day) || matches_weekday(pattern, day);
}

} // namespace darkroom
