#include "config/units.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace darkroom {

namespace {

struct unit {
  std::string_view name;
  int64_t factor;
};

constexpr auto largest = std::numeric_limits<int64_t>::max();

constexpr unit durations[]
  = {{"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

constexpr unit sizes[] = {{"B", 1},           {"kB", 1000},    {"KB", 1000},
                          {"MB", 1000000},    {"KiB", 1024},   {"MiB", 1 << 20},
                          {"GB", 1000000000}, {"GiB", 1 << 30}};

/// A whole number followed by one of `units` or by nothing (factor 1).
template <size_t N>
result<int64_t> parse_quantity(std::string_view text, const unit (&units)[N],
                               const char* forms) {
  auto digits = text.find_first_not_of("0123456789");
  auto name = text.substr(std::min(digits, text.size()));
  if (digits == 0 || text.empty())
    return fail(ec::bad_config, forms);
  auto count = parse_number(text.substr(0, text.size() - name.size()));
  if (!count)
    return std::move(count.error());
  if (name.empty())
    return *count;
  for (const auto& candidate : units)
    if (candidate.name == name) {
      if (*count > largest / candidate.factor)
        return fail(ec::bad_config, "is too large");
      return *count * candidate.factor;
    }
  return fail(ec::bad_config, forms);
}

} // namespace

result<double> parse_amount(std::string_view text) {
  auto point = text.find('.');
  auto decimals = point == std::string_view::npos ? 0 : text.size() - point - 1;
  double value = 0;
  auto end = text.data() + text.size();
  auto [stop, problem] = std::from_chars(text.data(), end, value,
                                         std::chars_format::fixed);
  auto is_plain = text.find_first_not_of("0123456789.") == text.npos;
  if (!is_plain || problem != std::errc{} || stop != end || decimals > 6)
    return fail(ec::bad_config, "is not an amount");
  return value;
}

std::string format_amount(double value) {
  char text[64];
  auto end = std::to_chars(text, text + sizeof text, value,
                           std::chars_format::fixed, 6)
               .ptr;
  while (end[-1] == '0')
    --end;
  if (end[-1] == '.')
    --end;
  return {text, end};
}

result<int64_t> parse_number(std::string_view text) {
  int64_t value = 0;
  auto end = text.data() + text.size();
  auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem == std::errc::result_out_of_range)
    return fail(ec::bad_config, "is too large");
  if (problem != std::errc{} || stop != end)
    return fail(ec::bad_config, "is not a whole number");
  return value;
}

result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  auto value = parse_quantity(text, durations,
                              "is not a duration; write \"500ms\", \"2s\", "
                              "\"1m\" or \"24h\"");
  if (!value)
    return std::move(value.error());
  auto has_unit = text.find_first_not_of("0123456789") != text.npos;
  if (!has_unit && *value != 0)
    return fail(ec::bad_config, "has no unit; write \"" + std::string{text}
                                  + "s\" for seconds or \"" + std::string{text}
                                  + "ms\" for milliseconds");
  return std::chrono::milliseconds{*value};
}

result<rate_of> parse_rate(std::string_view text) {
  auto slash = text.find('/');
  if (slash == text.npos && parse_number(text))
    return fail(ec::bad_config,
                "is not a rate: it does not say per what time; write \""
                  + std::string{text} + "/s\" or \"" + std::string{text}
                  + "/60s\"");
  if (slash == text.npos)
    return fail(ec::bad_config, "is not a rate such as 10/s or 100/5m");
  auto span = std::string{text.substr(slash + 1)};
  if (!span.empty() && (span[0] < '0' || span[0] > '9'))
    span.insert(0, "1"); // "10/s"
  auto count = parse_number(text.substr(0, slash));
  auto window = parse_duration(span);
  if (!count || !window)
    return fail(ec::bad_config, "is not a rate such as 10/s or 100/5m");
  return rate_of{*count, *window};
}

result<uint64_t> parse_size(std::string_view text) {
  auto value = parse_quantity(text, sizes,
                              "is not a size; write \"50MB\", \"50MiB\" or "
                              "whole bytes");
  if (!value)
    return std::move(value.error());
  return static_cast<uint64_t>(*value);
}

std::string format_duration(std::chrono::milliseconds value) {
  for (const auto& candidate : durations)
    if (value.count() != 0 && value.count() % candidate.factor == 0)
      return std::to_string(value.count() / candidate.factor)
             + std::string{candidate.name};
  return "0ms";
}

std::string format_size(uint64_t bytes) {
  for (auto [name, shift] : {std::pair{"GiB", 30}, {"MiB", 20}, {"KiB", 10}})
    if (bytes != 0 && bytes % (uint64_t{1} << shift) == 0)
      return std::to_string(bytes >> shift) + name;
  return std::to_string(bytes) + "B";
}

} // namespace darkroom
