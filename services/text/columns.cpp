#include "services/text/columns.hpp"

#include <algorithm>

namespace darkroom {

namespace {

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

} // namespace

size_t columns_of(std::string_view text) {
  return static_cast<size_t>(
    std::count_if(text.begin(), text.end(), begins_character));
}

std::string clipped(std::string_view text, size_t columns) {
  if (columns_of(text) <= columns)
    return std::string{text};
  if (columns == 0)
    return {};
  size_t seen = 0;
  size_t end = 0;
  while (end < text.size() && seen < columns) {
    if (begins_character(text[end]) && ++seen == columns)
      break;
    ++end;
  }
  return std::string{text.substr(0, end)} + "…";
}

std::string padded(std::string_view text, size_t columns) {
  auto out = clipped(text, columns);
  return out + std::string(columns - columns_of(out), ' ');
}

} // namespace darkroom
