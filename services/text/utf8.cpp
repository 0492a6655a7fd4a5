#include "services/text/utf8.hpp"

namespace darkroom {

namespace {

/// How many bytes follow the first byte of a code point; -1 if the byte cannot
/// be a first byte.
int following(unsigned char first) {
  return first < 0x80   ? 0
         : first < 0xc2 ? -1
         : first < 0xe0 ? 1
         : first < 0xf0 ? 2
         : first < 0xf5 ? 3
                        : -1;
}

/// Whether this is a code point, written in as few bytes as possible.
bool is_proper(char32_t point, int more) {
  auto is_surrogate = point >= 0xd800 && point <= 0xdfff;
  auto is_overlong = (more == 2 && point < 0x800)
                     || (more == 3 && point < 0x10000);
  return !is_surrogate && !is_overlong && point <= 0x10ffff;
}

} // namespace

utf8_step first_code_point(std::string_view text) {
  auto first = static_cast<unsigned char>(text.front());
  auto more = following(first);
  if (more < 0 || text.size() <= static_cast<size_t>(more))
    return {};
  auto point = static_cast<char32_t>(more == 0 ? first
                                               : first & (0x3fu >> more));
  for (int i = 1; i <= more; ++i) {
    if ((text[i] & 0xc0) != 0x80)
      return {};
    point = point << 6 | (text[i] & 0x3fu);
  }
  if (!is_proper(point, more))
    return {};
  return {point, static_cast<size_t>(more) + 1, true};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    auto next = first_code_point(text);
    if (!next.is_valid || next.point == 0)
      return false;
    text.remove_prefix(next.bytes);
  }
  return true;
}

std::u32string to_code_points(std::string_view text) {
  std::u32string points;
  while (!text.empty()) {
    auto step = first_code_point(text);
    points += step.point;
    text.remove_prefix(step.bytes);
  }
  return points;
}

std::string to_utf8(std::u32string_view points) {
  std::string text;
  auto tail = [&text](char32_t bits) {
    text += static_cast<char>(0x80 | (bits & 0x3f));
  };
  for (auto point : points) {
    if (point < 0x80) {
      text += static_cast<char>(point);
    } else if (point < 0x800) {
      text += static_cast<char>(0xc0 | point >> 6);
      tail(point);
    } else if (point < 0x10000) {
      text += static_cast<char>(0xe0 | point >> 12);
      tail(point >> 6);
      tail(point);
    } else {
      text += static_cast<char>(0xf0 | point >> 18);
      tail(point >> 12);
      tail(point >> 6);
      tail(point);
    }
  }
  return text;
}

} // namespace darkroom
