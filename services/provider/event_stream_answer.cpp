#include "services/provider/event_stream_answer.hpp"

#include "services/json/relaxed_json.hpp"

#include <algorithm>

namespace darkroom {

namespace {

using nlohmann::json;

/// The text of the data line at the beginning of `line`, if it is one.
std::optional<std::string_view> data_of(std::string_view line) {
  if (!line.starts_with("data:"))
    return std::nullopt;
  line.remove_prefix(5);
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return line;
}

/// Joins chunks.
class joiner {
public:
  void add(const json& chunk) {
    if (!chunk.is_object())
      return;
    for (auto key : {"usage", "error", "object", "model"})
      if (auto found = chunk.find(key);
          found != chunk.end() && !found->is_null())
        whole_[key] = *found;
    auto choices = chunk.find("choices");
    if (choices == chunk.end() || !choices->is_array() || choices->empty()
        || !(*choices)[0].is_object())
      return;
    auto& choice = (*choices)[0];
    for (auto key : {"finish_reason", "error"})
      if (auto found = choice.find(key);
          found != choice.end() && !found->is_null())
        whole_["choices"][0][key] = *found;
    for (auto key : {"delta", "message"})
      if (auto part = choice.find(key); part != choice.end())
        add_part(*part);
  }

  json take() {
    if (!arguments_.empty())
      message_["tool_calls"] = {{{"function", {{"arguments", arguments_}}}}};
    if (!message_.empty())
      whole_["choices"][0]["message"] = std::move(message_);
    return std::move(whole_);
  }

private:
  void add_part(const json& part) {
    if (!part.is_object())
      return;
    for (const auto& [key, value] : part.items())
      if (value.is_string() && key != "role")
        append(message_[key], value);
    auto calls = part.find("tool_calls");
    if (calls == part.end() || !calls->is_array())
      return;
    for (const auto& call : *calls) {
      auto at = json::json_pointer("/function/arguments");
      if (call.is_object() && call.contains(at) && call[at].is_string())
        arguments_ += call[at].get_ref<const std::string&>();
    }
  }

  static void append(json& to, const json& text) {
    if (!to.is_string())
      to = "";
    to.get_ref<std::string&>() += text.get_ref<const std::string&>();
  }

  json whole_ = json::object();
  json message_ = json::object();
  std::string arguments_;
};

} // namespace

std::optional<json> read_event_stream(std::string_view body) {
  joiner all;
  auto is_stream = false;
  while (!body.empty()) {
    auto end = std::min(body.find('\n'), body.size());
    auto line = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    auto is_told = line.starts_with(':') || line.starts_with("event:")
                   || line.starts_with("id:") || line.starts_with("retry:");
    auto data = data_of(line);
    if (!line.empty() && !is_told && !data && !is_stream)
      return std::nullopt;
    is_stream = is_stream || data;
    if (data && *data != "[DONE]")
      if (auto chunk = parse_relaxed_json(*data))
        all.add(*chunk);
  }
  if (!is_stream)
    return std::nullopt;
  return all.take();
}

} // namespace darkroom
