#include "services/vision/odd_member.hpp"

#include "services/text/one_line.hpp"

#include <algorithm>
#include <cctype>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr int max_nesting = 3;      // of objects that stand for a text
constexpr size_t max_entries = 200; // of a list that are looked at

std::string plain_name(const std::string& name) {
  std::string out;
  for (unsigned char c : name)
    if (c != '_' && c != '-' && c != ' ')
      out += static_cast<char>(std::tolower(c));
  return out;
}

std::string text_of_value(const json& value, int depth);

/// The texts of an array or an object, joined.
std::string joined_texts(const json& values, int depth) {
  std::string out;
  size_t seen = 0;
  for (const auto& x : values) {
    if (++seen > max_entries)
      break;
    auto text = text_of_value(x, depth + 1);
    if (!text.empty())
      out += (out.empty() ? "" : ", ") + text;
  }
  return out;
}

std::string text_of_value(const json& value, int depth) {
  if (depth > max_nesting)
    return {};
  if (value.is_string())
    return value.get<std::string>();
  if (value.is_number() || value.is_boolean())
    return value.dump();
  if (value.is_object())
    if (auto name = odd_member(value, {"name", "label", "tag", "text", "value",
                                       "title", "description", "object"}))
      return text_of_value(*name, depth + 1);
  // A schema that the model repeats is no text.
  if (value.is_object() && value.contains("type"))
    return {};
  return value.is_structured() ? joined_texts(value, depth) : std::string();
}

std::vector<std::string> split_texts(const std::string& text) {
  std::vector<std::string> out;
  std::string part;
  for (size_t at = 0; at <= text.size(); ++at) {
    auto is_wide = text.compare(at, 3, "、") == 0
                   || text.compare(at, 3, "，") == 0;
    auto is_end = at == text.size() || text[at] == ',' || text[at] == ';'
                  || text[at] == '\n' || is_wide;
    if (!is_end) {
      part += text[at];
      continue;
    }
    out.push_back(std::move(part));
    part.clear();
    at += is_wide ? 2 : 0;
  }
  return out;
}

/// {"items": […]} has a list; {"cat": 0.9} has names.
std::vector<std::string> texts_of_object(const json& object, size_t limit) {
  for (const auto& x : object)
    if (x.is_array())
      return odd_texts(&x, limit);
  if (odd_member(object, {"name", "label", "tag", "text", "value"}))
    return {odd_text(&object, limit)};
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items())
    out.push_back(value.is_string() ? value.get<std::string>() : key);
  return out;
}

} // namespace

const json* odd_member(const json& object, word_list names) {
  if (!object.is_object())
    return nullptr;
  for (const auto* name : names)
    for (const auto& [key, value] : object.items())
      if (!value.is_null() && plain_name(key) == name)
        return &value;
  return nullptr;
}

std::string odd_text(const json* value, size_t limit) {
  return value ? one_line(text_of_value(*value, 0), limit) : std::string();
}

std::vector<std::string> odd_texts(const json* value, size_t limit) {
  std::vector<std::string> all, out;
  if (!value)
    return out;
  if (value->is_array())
    for (const auto& x : *value)
      all.push_back(text_of_value(x, 0));
  else if (value->is_object())
    all = texts_of_object(*value, limit);
  else
    all = split_texts(text_of_value(*value, 0));
  for (const auto& x : all) {
    if (out.size() == max_entries)
      break;
    if (auto text = one_line(x, limit); !text.empty())
      out.push_back(std::move(text));
  }
  return out;
}

} // namespace darkroom
