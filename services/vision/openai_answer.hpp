/// The form in which a vision model must answer, and what is kept of an answer.
#pragma once

#include "messages/records.hpp"
#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace darkroom {

/// The JSON schema of the answer: every field of product.md §1, all required,
/// nothing else, as strict mode wants it.
nlohmann::json answer_schema();

/// The metadata in a chat completion. Long texts and lists are cut, colors
/// that are no "#rrggbb" are dropped, empty searchable text is made from the
/// rest.
/// @param body of the HTTP answer
/// @returns ec::upstream_failed (worth another try) where the answer is no
///   JSON, is cut off, lacks a field or has one of the wrong type;
///   ec::upstream_refused where the model declined
result<image_metadata> read_answer(const std::string& body,
                                   const std::string& model);

} // namespace darkroom
