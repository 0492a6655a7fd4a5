/// Makes texts that read the same the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// The code points of UTF-8 text; U+FFFD for each byte that is none.
std::u32string to_code_points(std::string_view text);

/// The code points as UTF-8.
std::string to_utf8(std::u32string_view points);

/// The part of Unicode's NFKC that occurs in descriptions of pictures: full
/// width forms, ligatures, odd spaces, ellipsis, superscripts, letters with a
/// combining accent of Latin-1. Other text passes as it is.
std::u32string fold_compatible(std::string_view text);

/// The words of a text in lower case, without Latin-1 accents: letters and
/// digits of ASCII, and everything beyond it.
std::vector<std::string> fold_words(std::string_view text);

} // namespace darkroom
