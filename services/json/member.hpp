/// Looks into JSON of strangers, where anything may be missing or odd.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace darkroom {

/// A member of an object. @returns null if `object` is null or no object, or
/// the member is missing or null. Points into `object`.
const nlohmann::json* find_member(const nlohmann::json* object,
                                  const char* key);

/// The first element of an array. @returns null as `find_member`
const nlohmann::json* first_element(const nlohmann::json* list);

/// A string, or a number in digits. @returns an empty text for anything else
std::string plain_text(const nlohmann::json* value);

/// The value of a JSON text; a text that is no JSON as a string.
nlohmann::json json_or_text(const std::string& text);

} // namespace darkroom
