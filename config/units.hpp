/// Durations, sizes and whole numbers as people write them in settings.
#pragma once

#include "messages/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom {

/// Parses a whole number in decimal, with an optional minus sign.
/// @returns ec::bad_config, saying "is not a whole number" or "is too large".
result<int64_t> parse_number(std::string_view text);

/// Parses an amount that is not negative: "5", "0.15"; at most six decimals.
/// @returns ec::bad_config, saying "is not an amount".
result<double> parse_amount(std::string_view text);

/// Parses "500ms", "2s", "1m", "24h" or "0". A number without a unit is
/// refused, because people mean seconds by it as often as milliseconds.
/// @returns ec::bad_config, saying which forms are understood.
result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// So many of something in any such time.
struct rate_of {
  int64_t count = 0;
  std::chrono::milliseconds window{0};
};

/// Parses "10/60s", "100/5m" or "10/s".
/// @returns ec::bad_config, saying which forms are understood.
result<rate_of> parse_rate(std::string_view text);

/// Parses bytes: "50MB" (10^6), "50MiB" (2^20), kB, KiB, GB, GiB, B or a bare
/// number.
/// @returns ec::bad_config, saying which forms are understood.
result<uint64_t> parse_size(std::string_view text);

/// The shortest form with at most six decimals: "5", "0.15".
std::string format_amount(double value);

/// The shortest exact form: "500ms", "90s", "2m", "24h"; zero is "0ms".
std::string format_duration(std::chrono::milliseconds value);

/// The shortest exact form in binary units: "50MiB", "1536KiB", "1000B".
std::string format_size(uint64_t bytes);

} // namespace darkroom
