#include "services/provider/request_profile.hpp"

#include "services/json/json.hpp"

#include <algorithm>
#include <array>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr size_t max_profile_bytes = 2000; // a profile has about 200

constexpr std::array token_names{"max_tokens", "max_completion_tokens", "none"};
constexpr std::array format_names{"json_schema", "json_object", "none"};

template <class Enum, size_t N>
void read_name(const json& from, const char* key,
               const std::array<const char*, N>& names, Enum& to) {
  auto found = std::find(names.begin(), names.end(), text_member(from, key));
  if (found != names.end())
    to = static_cast<Enum>(found - names.begin());
}

void read_flag(const json& from, const char* key, bool& to) {
  auto found = from.find(key);
  if (found != from.end() && found->is_boolean())
    to = found->get<bool>();
}

} // namespace

std::string to_json_text(const request_profile& x) {
  return write_json({{"tokens", token_names[static_cast<size_t>(x.tokens)]},
                     {"format", format_names[static_cast<size_t>(x.format)]},
                     {"detail", x.has_detail},
                     {"system", x.has_system},
                     {"dimensions", x.has_dimensions},
                     {"encoding", x.has_encoding},
                     {"moreRoom", x.has_more_room}});
}

request_profile read_profile(const std::string& text) {
  request_profile out;
  if (text.empty() || text.size() > max_profile_bytes)
    return out;
  auto from = parse_json(text);
  if (!from || !from->is_object())
    return out;
  read_name(*from, "tokens", token_names, out.tokens);
  read_name(*from, "format", format_names, out.format);
  read_flag(*from, "detail", out.has_detail);
  read_flag(*from, "system", out.has_system);
  read_flag(*from, "dimensions", out.has_dimensions);
  read_flag(*from, "encoding", out.has_encoding);
  read_flag(*from, "moreRoom", out.has_more_room);
  return out;
}

request_profile merged(const request_profile& a, const request_profile& b) {
  return {
    std::max(a.tokens, b.tokens),         std::max(a.format, b.format),
    a.has_detail && b.has_detail,         a.has_system && b.has_system,
    a.has_dimensions && b.has_dimensions, a.has_encoding && b.has_encoding,
    a.has_more_room || b.has_more_room};
}

} // namespace darkroom
