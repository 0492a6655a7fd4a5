/// Makes texts equal that read the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// Applies the part of Unicode's NFKC that occurs in descriptions of pictures:
/// full width forms, ligatures, odd spaces, ellipsis, superscripts, and Latin-1
/// letters with a combining accent. Other text stays unchanged.
std::u32string fold_compatible(std::string_view text);

/// The words of a text in lower case, without Latin-1 accents. Words consist of
/// ASCII letters and digits and of characters from U+00C0 on, except U+2000 to
/// U+2BFF (punctuation and symbols).
std::vector<std::string> fold_words(std::string_view text);

} // namespace darkroom
