#include "services/provider/provider_refusal.hpp"

#include "services/json/member.hpp"
#include "services/json/relaxed_json.hpp"
#include "services/provider/without_key.hpp"
#include "services/text/one_line.hpp"
#include "services/text/printable.hpp"
#include "services/text/words.hpp"

#include <algorithm>
#include <cstdlib>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr size_t quoted_bytes = 200;
constexpr size_t max_words = 600;  // bytes of a message
constexpr size_t max_type = 60;    // bytes of a content type
constexpr int max_error_depth = 8; // errors inside errors
constexpr size_t max_parts = 8;    // messages of one refusal

/// "response_format.json_schema": the place in the request that an entry of
/// FastAPI's `detail` is about.
std::string place_of(const json& entry) {
  std::string out;
  auto loc = find_member(&entry, "loc");
  if (!loc || !loc->is_array())
    return out;
  for (const auto& x : *loc) {
    auto part = plain_text(&x);
    if (part.empty() || part == "body")
      continue;
    out += (out.empty() ? "" : ".") + part;
  }
  return out;
}

/// Gathers what an error says.
struct gatherer {
  std::vector<std::string> messages;
  std::string codes;
  std::string param;
  long status = 0;

  void add_message(const std::string& text) {
    auto line = one_line(text, max_words);
    auto is_known = std::any_of(messages.begin(), messages.end(), [&](auto& x) {
      return x.find(line) != x.npos;
    });
    if (!line.empty() && !is_known && messages.size() < max_parts)
      messages.push_back(std::move(line));
  }

  void add_code(const json* value) {
    auto text = plain_text(value);
    if (text.empty() || text.size() > max_words)
      return;
    auto number = std::strtol(text.c_str(), nullptr, 10);
    if (status == 0 && number >= 400 && number < 600)
      status = number;
    codes += lower_ascii(text) + ' ';
  }

  /// Reads an error, a list of errors, or a text that may hold one.
  void read(const json& from, int depth = 0) {
    if (depth > max_error_depth)
      return;
    if (from.is_string())
      read_text(from.get_ref<const std::string&>(), depth);
    else if (from.is_array())
      for (size_t i = 0; i < std::min(from.size(), max_parts); ++i)
        read(from[i], depth + 1);
    else if (from.is_object())
      read_object(from, depth);
  }

  void read_text(const std::string& text, int depth) {
    auto start = text.find_first_not_of(" \r\n\t");
    if (start != text.npos && (text[start] == '{' || text[start] == '[')) {
      auto inner = parse_relaxed_json(text);
      auto before = messages.size();
      if (inner)
        read(*inner, depth + 1);
      if (messages.size() > before)
        return;
    }
    add_message(text);
  }

  void read_object(const json& from, int depth) {
    for (auto key :
         {"code", "type", "status", "reason", "status_code", "error_type"})
      add_code(find_member(&from, key));
    if (param.empty())
      param = plain_text(find_member(&from, "param"));
    if (auto msg = find_member(&from,
                               "msg")) { // an entry of FastAPI's `detail`
      auto place = place_of(from);
      if (param.empty())
        param = place;
      add_message((place.empty() ? "" : place + ": ") + plain_text(msg));
    }
    for (auto key :
         {"message", "error", "detail", "details", "errors", "innererror",
          "metadata", "raw", "reasons", "error_description"})
      if (auto found = find_member(&from, key))
        read(*found, depth + 1);
  }
};

bool tells(const json* error) {
  return error
         && ((error->is_object() && !error->empty())
             || (error->is_string()
                 && !error->get_ref<const std::string&>().empty()));
}

/// What an error without a number amounts to, by its name.
long status_of(const std::string& codes) {
  auto has = [&codes](const char* part) {
    return codes.find(part) != codes.npos;
  };
  if (has("rate_limit") || has("quota") || has("resource_exhausted")
      || has("too_many"))
    return 429;
  if (has("overloaded"))
    return 529;
  if (has("api_key") || has("authentication") || has("unauthenticated"))
    return 401;
  if (has("permission"))
    return 403;
  if (has("not_found"))
    return 404;
  if (has("invalid_request") || has("invalid_argument") || has("content_filter")
      || has("content_policy"))
    return 400;
  return 500;
}

} // namespace

bool has_error(const json& body) {
  if (body.is_array() && body.size() == 1 && body[0].is_object())
    return tells(find_member(&body[0], "error")); // Gemini wraps its errors
  if (tells(find_member(&body, "error"))
      || plain_text(find_member(&body, "object")) == "error"
      || (plain_text(find_member(&body, "type")) == "error"
          && !first_element(find_member(&body, "choices"))))
    return true;
  auto choice = first_element(find_member(&body, "choices"));
  return choice && tells(find_member(choice, "error"));
}

std::string quote(const http_answer& answer, const std::string& key) {
  auto out = std::to_string(answer.status);
  auto type = one_line(answer.header("content-type"), max_type);
  if (!type.empty())
    out += " " + type;
  if (answer.body.find_first_not_of(" \r\n\t") == std::string::npos)
    return out + " with an empty body";
  // The key may begin in the quoted bytes and end behind them.
  auto text = without_key(
    std::string_view(answer.body).substr(0, quoted_bytes + key.size()), key);
  return out + " \"" + printable(text, quoted_bytes) + '"';
}

provider_refusal read_refusal(const http_answer& answer, json body,
                              const std::string& key) {
  gatherer found;
  auto choice = first_element(find_member(&body, "choices"));
  if (choice && !tells(find_member(&body, "error")))
    if (auto error = find_member(choice, "error"))
      found.read(*error);
  if (found.messages.empty() && (body.is_object() || body.is_array()))
    found.read(body);
  provider_refusal out;
  auto is_fine = answer.status >= 200 && answer.status < 300;
  out.status = !is_fine           ? answer.status
               : found.status > 0 ? found.status
                                  : status_of(found.codes);
  out.codes = std::move(found.codes);
  out.param = one_line(found.param, max_type);
  std::string message;
  for (const auto& x : found.messages)
    message += (message.empty() ? "" : "; ") + x;
  message = without_key(one_line(message, max_words), key);
  out.lower = lower_ascii(message.empty() ? answer.body.substr(0, max_words)
                                          : message);
  out.words = message.empty() ? quote(answer, key)
                              : std::to_string(out.status) + " \""
                                  + printable(message, max_words) + '"';
  out.body = std::move(body);
  return out;
}

} // namespace darkroom
