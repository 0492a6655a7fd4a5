#include "services/provider/adapt.hpp"

#include "services/text/words.hpp"

#include <utility>

namespace darkroom {

namespace {

/// A field of a request, and the words that mean it in the messages of OpenAI,
/// Azure, Mistral, Gemini, Groq, vLLM, llama.cpp, Ollama, LM Studio, LiteLLM,
/// OpenRouter and of FastAPI's validation; all in lower case.
struct field {
  request_kind kind{};
  /// Advances a profile; false if there is nothing left to change.
  bool (*change)(request_profile& profile, const std::string& lower) = nullptr;
  word_list params; ///< parts of `param`
  word_list words;  ///< parts of the message
};

bool next_tokens(request_profile& x, const std::string& lower) {
  if (x.tokens == token_field::none)
    return false;
  // The number is refused, not the name: the provider knows how many it can.
  auto is_number = has_any(lower, {"too large", "at most", "less than or equal",
                                   "context length", "context size"});
  x.tokens = x.tokens == token_field::max_tokens && !is_number
               ? token_field::max_completion_tokens
               : token_field::none;
  return true;
}

bool next_format(request_profile& x, const std::string& lower) {
  if (x.format == answer_format::none)
    return false;
  // A provider that does not know the field at all knows no other value of it.
  auto is_unknown
    = has_any(lower,
              {"unrecognized", "unknown", "unexpected keyword", "extra inputs",
               "not permitted", "response_format is not supported",
               "response_format' is not supported", "unsupported parameter"})
      && !has_any(lower,
                  {"json_schema", "schema", "response_format.type", "strict"});
  x.format = x.format == answer_format::json_schema && !is_unknown
               ? answer_format::json_object
               : answer_format::none;
  return true;
}

template <bool request_profile::*Flag>
bool leave_out(request_profile& x, const std::string&) {
  return std::exchange(x.*Flag, false);
}

constexpr auto describes = request_kind::description;
constexpr auto embeds = request_kind::embedding;

// The order counts where a message has words of several fields.
const field fields[] = {
  {describes,
   next_tokens,
   {"max_tokens", "max_completion_tokens"},
   {"max_tokens", "max_completion_tokens", "maxoutputtokens", "max_new_tokens",
    "maximum context length"}},
  {describes,
   leave_out<&request_profile::has_detail>,
   {"detail"},
   {"image_url.detail", "'detail'", "\"detail\"", "`detail`"}},
  {describes,
   leave_out<&request_profile::has_system>,
   {".role", "system"},
   {"system role", "system message", "role 'system'", "role \"system\"",
    "'system' with this model", "system prompt", "system instruction",
    "developer instruction", "roles must alternate",
    "only user and assistant roles"}},
  {describes,
   next_format,
   {"response_format", "schema", "text.format"},
   {"response_format", "json_schema", "json_object", "json schema", "json mode",
    "structured output", "response_schema", "responseschema",
    "response mime type", "response_mime_type", "generation_config", "grammar",
    "guided decoding", "additionalproperties"}},
  {embeds,
   leave_out<&request_profile::has_dimensions>,
   {"dimension"},
   {"dimension", "matryoshka", "outputdimensionality"}},
  {embeds,
   leave_out<&request_profile::has_encoding>,
   {"encoding_format"},
   {"encoding_format", "encoding format"}},
};

} // namespace

std::optional<request_profile> adapt(const request_profile& profile,
                                     const provider_refusal& refusal,
                                     request_kind kind) {
  auto param = lower_ascii(refusal.param);
  auto changed = profile;
  for (const auto& x : fields)
    if (x.kind == kind && has_any(param, x.params)
        && x.change(changed, refusal.lower))
      return changed;
  for (const auto& x : fields)
    if (x.kind == kind && has_any(refusal.lower, x.words)
        && x.change(changed, refusal.lower))
      return changed;
  return std::nullopt;
}

} // namespace darkroom
