/// Fits texts into the columns of a terminal, with one column per character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace darkroom {

/// How many columns a text takes.
size_t columns_of(std::string_view text);

/// The text, or its beginning and "…" if it takes more columns.
std::string clipped(std::string_view text, size_t columns);

/// The text in exactly so many columns: clipped, or with blanks after it.
std::string padded(std::string_view text, size_t columns);

} // namespace darkroom
