/// Shows what strangers wrote (names, paths, error texts) on one line.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// A text that a terminal or a log shows as it is, on one line: control
/// characters, and those of Unicode that hide or turn text around, are escaped
/// ("\n", "\x1b", "\u{202e}"), as are bytes that are no UTF-8 ("\xff").
/// A backslash stays as it is: paths and hints are full of them.
/// @param max_bytes of the result; a longer one ends with "…"
std::string printable(std::string_view text, size_t max_bytes = 1000);

} // namespace darkroom
