/// The form of a vision model's answer, and which parts of an answer are kept.
#pragma once

#include "messages/records.hpp"
#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace darkroom {

/// The JSON schema of the answer: every field of the metadata, all required and
/// nothing else, because strict mode demands both.
nlohmann::json answer_schema();

/// The metadata in a chat completion. Cuts long texts and lists, drops colors
/// that are not "#rrggbb", and makes an empty searchable text from the other
/// fields.
/// @param body of the HTTP answer
/// @returns ec::upstream_failed (worth another try) if the answer is not JSON,
///   is cut off, lacks a field or has one of the wrong type;
///   ec::upstream_refused if the model declined
result<image_metadata> read_answer(const std::string& body,
                                   const std::string& model);

} // namespace darkroom
