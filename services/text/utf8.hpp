/// Reads and writes UTF-8; accepts malformed text.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// The code point at the beginning of a text.
struct utf8_step {
  char32_t point = 0xfffd; ///< U+FFFD if the byte is not UTF-8
  size_t bytes = 1;        ///< length of the code point
  bool is_valid = false;   ///< not a surrogate, not overlong, <= U+10FFFF
};

/// @param text must not be empty
utf8_step first_code_point(std::string_view text);

/// Whether a text is UTF-8, without a NUL.
bool is_utf8(std::string_view text);

/// The code points of a UTF-8 text, with U+FFFD for each invalid byte.
std::u32string to_code_points(std::string_view text);

/// Writes code points as UTF-8.
std::string to_utf8(std::u32string_view points);

} // namespace darkroom
