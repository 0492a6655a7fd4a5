/// Code points that text of strangers is not shown with. Listed here and
/// nowhere else.
#pragma once

namespace darkroom {

/// Whether a terminal would obey the code point, the text around it would turn
/// or break, or it is no character at all.
bool is_control(char32_t point);

/// Whether it is a control, or no reader sees it. Some words need the latter:
/// joined emoji, Persian, hyphenation.
bool is_hidden(char32_t point);

} // namespace darkroom
