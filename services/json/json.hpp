/// Reads JSON as JavaScript writes it.
#pragma once

#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace darkroom {

/// Parses a text. JavaScript writes lone surrogates as "\udXXX", which is valid
/// JSON text but no Unicode: they are read as U+FFFD.
/// @returns ec::bad_input naming the position of the mistake
result<nlohmann::json> parse_json(std::string_view text);

/// Writes a value; invalid UTF-8 becomes U+FFFD.
std::string write_json(const nlohmann::json& value);

/// A string member of an object; empty if there is none.
std::string text_member(const nlohmann::json& object, const char* key);

} // namespace darkroom
