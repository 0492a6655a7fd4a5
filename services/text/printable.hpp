/// Shows texts that strangers wrote (names, paths, errors) on one line.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// Makes a text safe to show in a terminal or a log, on one line. It escapes
/// control characters and Unicode characters that hide or reverse text ("
/// ", "\x1b", "\u{202e}"), and bytes that are not UTF-8 ("\xff"). A backslash
/// stays unchanged, because paths and hints are full of them.
/// @param max_bytes limits the result; a longer one ends with "…"
std::string printable(std::string_view text, size_t max_bytes = 1000);

} // namespace darkroom
