#include "services/json/json.hpp"

#include <optional>

namespace darkroom {

namespace {

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')
         || (c >= 'A' && c <= 'F');
}

/// The code unit of an escape "\uXXXX" at `at`, if there is one.
std::optional<unsigned> code_unit(const std::string& text, size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u')
    return std::nullopt;
  for (size_t i = at + 2; i < at + 6; ++i)
    if (!is_hex(text[i]))
      return std::nullopt;
  return static_cast<unsigned>(std::stoul(text.substr(at + 2, 4), nullptr, 16));
}

/// Replaces escapes of lone surrogates.
std::string without_lone_surrogates(std::string text) {
  for (size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] != '\\')
      continue;
    auto unit = code_unit(text, at);
    if (!unit) {
      ++at; // another escape: skip the escaped character
      continue;
    }
    auto next = code_unit(text, at + 6);
    auto is_high = *unit >= 0xD800 && *unit <= 0xDBFF;
    auto is_low = *unit >= 0xDC00 && *unit <= 0xDFFF;
    if (is_high && next && *next >= 0xDC00 && *next <= 0xDFFF)
      at += 11;
    else if (is_high || is_low)
      text.replace(at + 2, 4, "fffd");
  }
  return text;
}

/// Whether more arrays and objects are open at once than allowed. Stops
/// counting at the first mistake, where the parser stops, too.
bool is_too_deep(std::string_view text) {
  size_t depth = 0;
  auto in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    auto c = text[i];
    if (in_string && c == '\\')
      ++i;
    else if (c == '"')
      in_string = !in_string;
    else if (in_string)
      continue;
    else if ((c == '[' || c == '{') && ++depth > max_json_depth)
      return true;
    else if ((c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return false;
}

/// Describes a mistake, without the number that the library puts in front.
std::string mistake(const nlohmann::json::exception& broken) {
  std::string text = broken.what();
  auto end = text.starts_with('[') ? text.find("] ") : text.npos;
  return end == text.npos ? text : text.substr(end + 2);
}

} // namespace

result<nlohmann::json> parse_json(std::string_view text) {
  if (is_too_deep(text))
    return fail(ec::bad_input, "not readable as JSON: it has more than "
                                 + std::to_string(max_json_depth)
                                 + " arrays and objects in each other");
  auto value = nlohmann::json::parse(text, nullptr, false);
  if (!value.is_discarded())
    return value;
  try {
    return nlohmann::json::parse(without_lone_surrogates(std::string{text}));
  } catch (const nlohmann::json::exception&
             broken) { // a mistake, or a number out of range (1e999)
    return fail(ec::bad_input, "not valid JSON: " + mistake(broken));
  }
}

std::string write_json(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string text_member(const nlohmann::json& object, const char* key) {
  if (!object.is_object())
    return {};
  auto found = object.find(key);
  if (found == object.end() || !found->is_string())
    return {};
  return found->get<std::string>();
}

} // namespace darkroom
