/// Reads metadata out of whatever object a model wrote.
#pragma once

#include "messages/records.hpp"

#include <nlohmann/json.hpp>

namespace darkroom {

/// Whether an object has a description, under any of its usual names.
bool has_description(const nlohmann::json& object);

/// The metadata in an object. Keys may be written in any case, with "_" or
/// without; values may be of another kind than asked for: texts for lists,
/// objects for names, numbers for texts. What is missing or odd is left empty
/// and costs nothing else. Long texts and lists are cut, colors that are none
/// dropped, an empty searchable text is made of the other fields.
/// `model` and `generated_at` are left empty.
image_metadata read_metadata(const nlohmann::json& object);

} // namespace darkroom
