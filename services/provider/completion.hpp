/// What a chat completion says, in whichever form it says so.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Tokens that a provider counted.
struct token_use {
  uint64_t in = 0;
  uint64_t out = 0;
};

struct completion {
  /// Where the answer may stand, the likeliest first: content, arguments of
  /// tool calls, reasoning.
  std::vector<std::string> texts;
  std::string refusal; ///< the model's own words; empty if it did not refuse
  bool is_filtered = false; ///< a content filter ended the answer
  bool is_cut_off = false;  ///< the answer was longer than allowed
};

/// The body of an answer as JSON: what was sent as an event stream in one
/// piece. @returns nothing if it is neither
std::optional<nlohmann::json> read_body(const std::string& body);

/// @param body of an answer that is no error
completion read_completion(const nlohmann::json& body);

/// `usage` in the forms of OpenAI, Anthropic, Gemini and Ollama; 0 where it is
/// missing.
token_use read_tokens(const nlohmann::json& body);

} // namespace darkroom
