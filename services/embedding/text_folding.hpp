/// Makes texts that read the same the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// The part of Unicode's NFKC that occurs in descriptions of pictures: full
/// width forms, ligatures, odd spaces, ellipsis, superscripts, letters with a
/// combining accent of Latin-1. Other text passes as it is.
std::u32string fold_compatible(std::string_view text);

/// The words of a text in lower case, without Latin-1 accents: letters and
/// digits of ASCII, and everything beyond it.
std::vector<std::string> fold_words(std::string_view text);

} // namespace darkroom
