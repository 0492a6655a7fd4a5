#include "services/provider/completion.hpp"

#include "services/json/member.hpp"
#include "services/json/relaxed_json.hpp"
#include "services/provider/event_stream_answer.hpp"
#include "services/text/words.hpp"

#include <algorithm>
#include <cmath>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr uint64_t max_tokens_told = 1'000'000'000; // more is a mistake

/// The text of `content`: a string, a list of parts, or the answer itself.
std::string content_text(const json* content) {
  if (!content)
    return {};
  if (content->is_string())
    return content->get<std::string>();
  if (content->is_object())
    return content->contains("text")
             ? content_text(find_member(content, "text"))
             : content->dump();
  std::string out;
  if (content->is_array())
    for (const auto& part : *content) {
      if (part.is_string())
        out += part.get_ref<const std::string&>();
      auto kind = plain_text(find_member(&part, "type"));
      if (kind == "thinking" || kind == "reasoning" || kind == "refusal")
        continue;
      auto text = find_member(&part, "text");
      out += text && text->is_object() ? plain_text(find_member(text, "value"))
                                       : plain_text(text);
    }
  return out;
}

void add_arguments(const json* call, std::vector<std::string>& to) {
  auto function = find_member(call, "function");
  auto arguments = find_member(function ? function : call, "arguments");
  if (arguments)
    to.push_back(arguments->is_string() ? arguments->get<std::string>()
                                        : arguments->dump());
}

/// The refusal, also where it is a part of `content`.
std::string refusal_of(const json* message) {
  auto said = plain_text(find_member(message, "refusal"));
  auto content = find_member(message, "content");
  if (said.empty() && content && content->is_array())
    for (const auto& part : *content)
      if (plain_text(find_member(&part, "type")) == "refusal")
        said += plain_text(find_member(&part, "refusal"));
  return said;
}

std::vector<std::string> texts_of(const json* message, const json& body) {
  std::vector<std::string> out{content_text(find_member(message, "content"))};
  auto calls = find_member(message, "tool_calls");
  if (calls && calls->is_array())
    for (const auto& call : *calls)
      add_arguments(&call, out);
  add_arguments(find_member(message, "function_call"), out);
  for (auto key : {"reasoning_content", "reasoning", "thinking"})
    out.push_back(plain_text(find_member(message, key)));
  for (auto key : {"response", "output_text"})
    out.push_back(plain_text(find_member(&body, key)));
  std::erase_if(out, [](const std::string& x) {
    return x.find_first_not_of(" \t\r\n") == x.npos;
  });
  return out;
}

bool is_one_of(const std::string& word, word_list words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

uint64_t count_in(const json* from, word_list names) {
  for (auto name : names) {
    auto found = find_member(from, name);
    if (!found || !found->is_number())
      continue;
    auto number = found->get<double>();
    if (std::isfinite(number) && number > 0)
      return std::min(static_cast<uint64_t>(std::min(number, 1e12)),
                      max_tokens_told);
  }
  return 0;
}

} // namespace

std::optional<json> read_body(const std::string& body) {
  if (auto stream = read_event_stream(body))
    return stream;
  auto value = parse_relaxed_json(body);
  if (!value || !value->is_structured())
    return std::nullopt;
  return std::move(*value);
}

completion read_completion(const json& body) {
  completion out;
  auto choice = first_element(find_member(&body, "choices"));
  auto message = find_member(choice, "message");
  if (!message)
    message = find_member(choice, "delta");
  if (!message)
    message = find_member(&body, "message"); // Ollama's own API
  auto end = lower_ascii(plain_text(find_member(choice, "finish_reason")));
  if (end.empty())
    end = lower_ascii(plain_text(find_member(&body, "done_reason")));
  out.is_cut_off = is_one_of(end, {"length", "max_tokens"});
  out.is_filtered = is_one_of(end,
                              {"content_filter", "safety", "prohibited_content",
                               "blocklist", "recitation", "spii", "refusal"});
  out.refusal = refusal_of(message);
  out.texts = texts_of(message, body);
  if (auto text = plain_text(find_member(choice, "text")); !text.empty())
    out.texts.push_back(std::move(text));
  return out;
}

token_use read_tokens(const json& body) {
  auto usage = find_member(&body, "usage");
  if (!usage)
    usage = find_member(&body, "usageMetadata");
  auto from = usage ? usage : &body;
  return {count_in(from, {"prompt_tokens", "input_tokens", "promptTokenCount",
                          "prompt_eval_count", "total_tokens"}),
          count_in(from, {"completion_tokens", "output_tokens",
                          "candidatesTokenCount", "eval_count"})};
}

} // namespace darkroom
