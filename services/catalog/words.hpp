/// What people type, as an expression that both engines' text search reads the
/// same way. Every word is quoted, so no text of a stranger is ever an
/// operator.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// The words of a text: runs of letters and digits, in the order of the text,
/// each once. At most 32 words, each cut to at most 64 bytes.
std::vector<std::string> words_of(std::string_view text);

/// Fits descriptions that have at least one word of the text; empty if the text
/// has no word.
std::string any_word_of(std::string_view text);

/// Fits descriptions that have all words of the text.
std::string all_words_of(std::string_view text);

/// With ASCII letters in lower case and without blanks at its ends: the form of
/// the table `image_words`.
std::string filter_word(std::string_view text);

} // namespace darkroom
