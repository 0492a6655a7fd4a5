/// Reads members of an object that a model wrote, of whatever kind they are.
#pragma once

#include "services/text/words.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace darkroom {

/// The first member with one of these names, null if there is none. Names are
/// compared without case, "_", "-" and space.
/// @param names in lower case, letters only
const nlohmann::json* odd_member(const nlohmann::json& object, word_list names);

/// The value as one line: of a string, number, truth, list (joined by commas)
/// or object (its name, or else all its texts). Empty for null and nothing.
/// @param limit bytes
std::string odd_text(const nlohmann::json* value, size_t limit);

/// The value as a list of texts of at most `limit` bytes: of a list, a text
/// with commas, or an object (its lists, or the names of its members).
std::vector<std::string> odd_texts(const nlohmann::json* value, size_t limit);

} // namespace darkroom
