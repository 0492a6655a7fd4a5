#include "services/text/shown_json.hpp"

#include "services/json/json.hpp"
#include "services/text/hidden.hpp"
#include "services/text/utf8.hpp"

#include <cstdio>

namespace darkroom {

namespace {

void append_unit(unsigned unit, std::string& to) {
  char out[16];
  std::snprintf(out, sizeof out, "\\u%04x", unit);
  to += out;
}

/// As JSON writes it in ASCII: beyond U+FFFF as two surrogates.
void append_escaped(char32_t point, std::string& to) {
  if (point < 0x10000)
    return append_unit(static_cast<unsigned>(point), to);
  auto above = static_cast<unsigned>(point - 0x10000);
  append_unit(0xd800 + (above >> 10), to);
  append_unit(0xdc00 + (above & 0x3ff), to);
}

} // namespace

std::string shown_json(const nlohmann::json& value) {
  auto text = write_json(value); // C0 controls are escaped in it
  std::string out;
  out.reserve(text.size());
  for (std::string_view left{text}; !left.empty();) {
    auto step = first_code_point(left);
    if (is_hidden(step.point))
      append_escaped(step.point, out);
    else
      out += left.substr(0, step.bytes);
    left.remove_prefix(step.bytes);
  }
  return out;
}

} // namespace darkroom
