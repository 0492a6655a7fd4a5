/// Keeps texts that a model or a provider wrote.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// The text on one line: space is single and not at the ends, control
/// characters and those that turn text around are space, invalid UTF-8 is
/// U+FFFD. Cut between two characters if it is longer than `max_bytes`.
std::string one_line(std::string_view text, size_t max_bytes);

} // namespace darkroom
