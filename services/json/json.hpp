/// Reads JSON as JavaScript writes it.
#pragma once

#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace darkroom {

/// The maximum depth of nested arrays and objects. Recursive functions copy and
/// write values, so a deeper value would overflow a thread's stack. BullMQ's
/// own clients cannot write 5,000 levels.
constexpr size_t max_json_depth = 500;

/// Parses a text. Darkroom reads all JSON that it did not write itself with
/// this function. JavaScript writes a lone surrogate as "\udXXX", which is
/// valid JSON but not Unicode; it is read as U+FFFD.
/// @returns ec::bad_input naming the position of the mistake, or saying that
///   the value is nested deeper than max_json_depth
result<nlohmann::json> parse_json(std::string_view text);

/// Writes a value; invalid UTF-8 becomes U+FFFD.
std::string write_json(const nlohmann::json& value);

/// A string member of an object, or an empty text if there is none.
std::string text_member(const nlohmann::json& object, const char* key);

} // namespace darkroom
