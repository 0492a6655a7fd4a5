/// Reads JSON as JavaScript writes it.
#pragma once

#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace darkroom {

/// How deep arrays and objects may stand in each other. Values are copied and
/// written by functions that call themselves, so a deeper one would overflow a
/// thread's stack. BullMQ's own clients cannot write 5,000 levels.
constexpr size_t max_json_depth = 500;

/// Parses a text; the only way in which Darkroom reads JSON that it did not
/// write itself. JavaScript writes lone surrogates as "\udXXX", which is valid
/// JSON text but no Unicode: they are read as U+FFFD.
/// @returns ec::bad_input naming the position of the mistake, or saying that
/// the value is deeper than max_json_depth
result<nlohmann::json> parse_json(std::string_view text);

/// Writes a value; invalid UTF-8 becomes U+FFFD.
std::string write_json(const nlohmann::json& value);

/// A string member of an object; empty if there is none.
std::string text_member(const nlohmann::json& object, const char* key);

} // namespace darkroom
