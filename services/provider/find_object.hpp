/// Finds the JSON object that a model was asked for in the text that it wrote.
#pragma once

#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <string>

namespace darkroom {

using object_test = std::function<bool(const nlohmann::json&)>;

/// The first object in `text` that passes the test: the whole text, one in a
/// code block or in prose, one inside wrappers (arrays, other objects, JSON in
/// a string). What stands between <think> and </think> is looked at last.
/// @param is_it called with objects only
std::optional<nlohmann::json> find_object(const std::string& text,
                                          const object_test& is_it);

} // namespace darkroom
