/// Reads single values of options as BullMQ's clients do, which are written in
/// JavaScript and Lua: people pass "3" for 3, and Redis holds large numbers as
/// 9.007199254741e+15.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>

namespace darkroom {

/// Larger than any time or count that anybody means. Exact in a double, and as
/// exact as BullMQ's in the Redis scores of delayed jobs.
constexpr int64_t most_number = 9'000'000'000'000'000;

/// A number, or a text that JavaScript reads as one ("3", " 0x10 ", "1e3").
/// @returns nothing for other values; never NaN, but maybe infinite
std::optional<double> number_in(const nlohmann::json& value);

/// Like `number_in`, with true as 1 and false as 0, as JavaScript compares.
std::optional<double> compared_number(const nlohmann::json& value);

/// Whether the value is true in JavaScript, like "false", {} and -1.
bool is_truthy(const nlohmann::json& value);

/// The whole part of a number, limited to the bounds.
int64_t clamped(double number, int64_t least, int64_t most);

/// The whole number at `key`, limited to the bounds; `otherwise` if there is no
/// number.
int64_t number_at(const nlohmann::json& object, const char* key,
                  int64_t otherwise, int64_t least = -most_number,
                  int64_t most = most_number);

} // namespace darkroom
