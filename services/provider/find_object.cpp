#include "services/provider/find_object.hpp"

#include "services/json/relaxed_json.hpp"

#include <string_view>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr int max_wrappers = 5;
constexpr size_t max_members = 50; // of a wrapper that are looked at
// Prose may have braces, too. Each of them costs one pass over the text.
constexpr int max_starts = 40;
constexpr size_t max_searched = 400'000; // bytes; an answer has about 2,000

std::optional<json> unwrap(json& value, const object_test& is_it, int depth);

/// The object in the members of an array or an object.
std::optional<json> unwrap_members(json& value, const object_test& is_it,
                                   int depth) {
  size_t seen = 0;
  for (auto& x : value) {
    if (++seen > max_members)
      break;
    if (auto found = unwrap(x, is_it, depth + 1))
      return found;
  }
  return std::nullopt;
}

std::optional<json> unwrap(json& value, const object_test& is_it, int depth) {
  if (depth > max_wrappers)
    return std::nullopt;
  if (value.is_object() && is_it(value))
    return std::move(value);
  if (value.is_structured())
    return unwrap_members(value, is_it, depth);
  if (!value.is_string())
    return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  auto start = text.find_first_not_of(" \t\r\n");
  if (start == text.npos
      || (text[start] != '{' && text[start] != '[' && text[start] != '"'))
    return std::nullopt;
  auto inner = parse_relaxed_json(text);
  return inner ? unwrap(*inner, is_it, depth + 1) : std::nullopt;
}

/// Where the object ends that begins at `start`; npos if it does not end.
size_t end_of_object(std::string_view text, size_t start) {
  size_t depth = 0;
  auto in_string = false;
  for (auto at = start; at < text.size(); ++at) {
    auto c = text[at];
    if (in_string && c == '\\')
      ++at;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && c == '{')
      ++depth;
    else if (!in_string && c == '}' && --depth == 0)
      return at + 1;
  }
  return std::string_view::npos;
}

/// The object in a text that has other words around it.
std::optional<json> find_in_prose(std::string_view text,
                                  const object_test& is_it) {
  size_t at = 0;
  for (int tries = 0; tries < max_starts; ++tries) {
    at = text.find('{', at);
    if (at == text.npos)
      break;
    auto end = end_of_object(text, at);
    auto value = end == text.npos
                   ? result<json>(fail(ec::bad_input, ""))
                   : parse_relaxed_json(text.substr(at, end - at));
    if (value)
      if (auto found = unwrap(*value, is_it, 0))
        return found;
    at = value ? end : at + 1;
  }
  return std::nullopt;
}

std::optional<json> find_in(std::string_view text, const object_test& is_it) {
  if (auto whole = parse_relaxed_json(text))
    if (auto found = unwrap(*whole, is_it, 0))
      return found;
  return find_in_prose(text, is_it);
}

} // namespace

std::optional<json> find_object(const std::string& text,
                                const object_test& is_it) {
  auto all = std::string_view(text).substr(0, max_searched);
  for (std::string_view end : {"</think>", "</thinking>", "</reasoning>"})
    if (auto at = all.rfind(end); at != all.npos)
      if (auto found = find_in(all.substr(at + end.size()), is_it))
        return found;
  return find_in(all, is_it);
}

} // namespace darkroom
