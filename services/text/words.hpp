/// Small questions about texts of protocols, in ASCII.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace darkroom {

using word_list = std::initializer_list<const char*>;

/// The text with ASCII letters in lower case.
std::string lower_ascii(std::string_view text);

/// Whether any of the words occurs in the text.
bool has_any(std::string_view text, word_list words);

} // namespace darkroom
