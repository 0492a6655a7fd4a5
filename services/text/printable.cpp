#include "services/text/printable.hpp"

#include "services/text/hidden.hpp"
#include "services/text/utf8.hpp"

#include <algorithm>
#include <cstdio>

namespace darkroom {

namespace {

constexpr std::string_view ellipsis = "…";

std::string escaped(char32_t point) {
  char out[16];
  std::snprintf(out, sizeof out, point < 0x80 ? "\\x%02x" : "\\u{%x}",
                static_cast<unsigned>(point));
  return out;
}

std::string shown(const utf8_step& step, std::string_view bytes) {
  if (!step.is_valid) {
    char out[8];
    std::snprintf(out, sizeof out, "\\x%02x",
                  static_cast<unsigned>(static_cast<unsigned char>(bytes[0])));
    return out;
  }
  switch (step.point) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (is_hidden(step.point))
    return escaped(step.point);
  return std::string{bytes.substr(0, step.bytes)};
}

bool is_plain(char c) {
  return c >= ' ' && c < 0x7f;
}

} // namespace

std::string printable(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes
      && std::all_of(text.begin(), text.end(), is_plain))
    return std::string{text};
  std::string out;
  size_t cut = 0; // the longest length at which the ellipsis still fits
  while (!text.empty()) {
    auto step = first_code_point(text);
    out += shown(step, text);
    if (out.size() > max_bytes) {
      out.resize(cut);
      return out.append(ellipsis);
    }
    if (out.size() + ellipsis.size() <= max_bytes)
      cut = out.size();
    text.remove_prefix(step.bytes);
  }
  return out;
}

} // namespace darkroom
