/// How a vision model is asked: words, schema and the form of the request.
#pragma once

#include "services/provider/provider_question.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace darkroom {

/// Names the words and the schema. Raise it with every change of either: kept
/// answers to an older prompt are not used again.
constexpr const char* prompt_version = "2";

/// The JSON schema of the answer: every field of the metadata, all required and
/// nothing else, because strict mode demands both.
nlohmann::json answer_schema();

/// What is asked about one picture.
struct vision_request {
  std::string jpeg;     ///< the encoded picture
  std::string language; ///< of the answer: "German"; empty = English
  std::string said;     ///< an answer that could not be used; may be empty
  std::string problem;  ///< what was wrong with it
};

/// The body of a chat completion, JSON.
std::string write_request(const vision_request& request,
                          const std::string& model,
                          const request_profile& profile);

} // namespace darkroom
