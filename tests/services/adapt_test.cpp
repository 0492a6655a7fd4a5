#define CAF_SUITE adapt

#include "services/provider/adapt.hpp"
#include "services/provider/completion.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

using rp = request_profile;

constexpr auto describes = request_kind::description;
constexpr auto embeds = request_kind::embedding;

struct row {
  const char* body; ///< of an answer of status 400
  request_kind kind;
  rp from;
  rp to; ///< equal to `from`: nothing is learned
};

provider_refusal refusal_of(const std::string& body) {
  http_answer answer{400, {}, body};
  return read_refusal(answer, read_body(body).value_or(nullptr), {});
}

rp tokens(token_field x) {
  rp out;
  out.tokens = x;
  return out;
}

rp form(answer_format x) {
  rp out;
  out.format = x;
  return out;
}

template <bool rp::*Flag>
rp without() {
  rp out;
  out.*Flag = false;
  return out;
}

constexpr auto mct = token_field::max_completion_tokens;
constexpr auto object = answer_format::json_object;

const row rows[] = {
  // OpenAI, o-series
  {R"({"error":{"message":"Unsupported parameter: 'max_tokens' is not )"
   R"(supported with this model. Use 'max_completion_tokens' instead.",)"
   R"("type":"invalid_request_error","param":"max_tokens","code":)"
   R"("unsupported_parameter"}})",
   describes,
   {},
   tokens(mct)},
  {R"({"error":{"message":"Unsupported value: 'messages[0].role' does not )"
   R"(support 'system' with this model.","param":"messages[0].role"}})",
   describes,
   {},
   without<&rp::has_system>()},
  {R"({"error":{"message":"Invalid parameter: 'response_format' of type )"
   R"('json_schema' is not supported with this model.","param":)"
   R"("response_format"}})",
   describes,
   {},
   form(object)},
  {R"({"error":{"message":"max_tokens is too large: 1500. This model supports )"
   R"(at most 1000 completion tokens","param":"max_tokens"}})",
   describes,
   {},
   tokens(token_field::none)},
  // Azure
  {R"({"error":{"message":"Unrecognized request argument supplied: )"
   R"(response_format","param":null}})",
   describes,
   {},
   form(answer_format::none)},
  {R"({"error":{"message":"response_format value as json_schema is enabled )"
   R"(only for api versions 2024-08-01-preview and later"}})",
   describes,
   {},
   form(object)},
  // Mistral
  {R"({"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":)"
   R"(["body","max_completion_tokens"],"msg":"Extra inputs are not )"
   R"(permitted"}]}})",
   describes, tokens(mct), tokens(token_field::none)},
  // FastAPI
  {R"({"detail":[{"loc":["body","response_format"],"msg":"Extra inputs are )"
   R"(not permitted","type":"extra_forbidden"}]})",
   describes,
   {},
   form(answer_format::none)},
  {R"({"detail":[{"loc":["body","messages",1,"content",1,"image_url","detail"],)"
   R"("msg":"Extra inputs are not permitted"}]})",
   describes,
   {},
   without<&rp::has_detail>()},
  // Gemini's endpoint for OpenAI's clients
  {R"([{"error":{"code":400,"message":"Invalid JSON payload received. Unknown )"
   R"(name \"additionalProperties\" at 'generation_config.response_schema': )"
   R"(Cannot find field.","status":"INVALID_ARGUMENT"}}])",
   describes,
   {},
   form(object)},
  {R"([{"error":{"code":400,"message":"Developer instruction is not enabled )"
   R"(for models/gemma-3-27b-it"}}])",
   describes,
   {},
   without<&rp::has_system>()},
  {R"([{"error":{"code":400,"message":"JSON mode is not enabled for )"
   R"(models/gemma-3"}}])",
   describes, form(object), form(answer_format::none)},
  // Groq
  {R"({"error":{"message":"This model does not support response format )"
   R"(`json_schema`.","type":"invalid_request_error","param":)"
   R"("response_format"}})",
   describes,
   {},
   form(object)},
  // vLLM
  {R"({"object":"error","message":"System role not supported","code":400})",
   describes,
   {},
   without<&rp::has_system>()},
  {R"({"object":"error","message":"This model's maximum context length is )"
   R"(2048 tokens. However, you requested 2500 tokens","code":400})",
   describes,
   {},
   tokens(token_field::none)},
  {R"({"object":"error","message":"Conversation roles must alternate )"
   R"(user/assistant/user/assistant/...","code":400})",
   describes,
   {},
   without<&rp::has_system>()},
  {R"({"object":"error","message":"Model does not support matryoshka )"
   R"(representation, changing output dimensions will lead to poor results."})",
   embeds,
   {},
   without<&rp::has_dimensions>()},
  // llama.cpp
  {R"({"error":{"code":400,"message":"Failed to parse grammar"}})",
   describes,
   {},
   form(object)},
  {R"({"error":{"code":400,"message":"Only user and assistant roles are )"
   R"(supported!"}})",
   describes,
   {},
   without<&rp::has_system>()},
  // LM Studio
  {R"({"error":"'response_format.type' must be 'json_schema' or 'text'"})",
   describes, form(object), form(answer_format::none)},
  // DeepSeek
  {R"({"error":{"message":"This response_format type is unavailable now"}})",
   describes,
   {},
   form(object)},
  // LiteLLM
  {R"({"error":{"message":"litellm.UnsupportedParamsError: ollama does not )"
   R"(support parameters: {'encoding_format': 'float'}"}})",
   embeds,
   {},
   without<&rp::has_encoding>()},
  // OpenAI, embeddings
  {R"({"error":{"message":"This model does not support specifying )"
   R"(dimensions.","param":null}})",
   embeds,
   {},
   without<&rp::has_dimensions>()},
  {R"({"error":{"message":"Unknown parameter: 'encoding_format'."}})",
   embeds,
   {},
   without<&rp::has_encoding>()},
  // about something else
  {R"({"error":{"message":"Image dimensions are odd; see the details"}})",
   describes,
   {},
   {}},
  {R"({"error":{"message":"Bad request"}})", describes, {}, {}},
  {"", describes, {}, {}},
  {"<html>bad</html>", embeds, {}, {}},
  {R"({"error":{"message":"max_tokens is odd","param":"max_tokens"}})",
   embeds,
   {},
   {}},
  // left out already
  {R"({"error":{"message":"max_tokens","param":"max_tokens"}})", describes,
   tokens(token_field::none), tokens(token_field::none)},
};

} // namespace

CAF_TEST(each refusal changes the one thing that it is about) {
  for (const auto& x : rows) {
    CAF_MESSAGE(x.body);
    auto learned = adapt(x.from, refusal_of(x.body), x.kind);
    CAF_CHECK_EQUAL(learned.has_value(), !(x.from == x.to));
    if (learned)
      CAF_CHECK_EQUAL(to_json_text(*learned), to_json_text(x.to));
  }
}

CAF_TEST(what is refused again and again is left out in the end) {
  auto refusal = refusal_of(R"({"error":{"param":"response_format"}})");
  rp profile;
  int steps = 0;
  while (auto next = adapt(profile, refusal, describes)) {
    profile = *next;
    ++steps;
  }
  CAF_CHECK_EQUAL(steps, 2);
  CAF_CHECK(profile.format == answer_format::none);
}
