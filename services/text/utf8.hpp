/// Reads and writes UTF-8, and takes what is none for what it is.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// What stands at the beginning of a text.
struct utf8_step {
  char32_t point = 0xfffd; ///< U+FFFD where the byte is no UTF-8
  size_t bytes = 1;        ///< how many it takes
  bool is_valid = false;   ///< no surrogate, nothing overlong, <= U+10FFFF
};

/// @param text not empty
utf8_step first_code_point(std::string_view text);

/// The code points of UTF-8 text; U+FFFD for each byte that is none.
std::u32string to_code_points(std::string_view text);

/// The code points as UTF-8.
std::string to_utf8(std::u32string_view points);

} // namespace darkroom
