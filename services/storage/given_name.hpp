/// The name that a client gave to a file.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// Makes a name safe to keep and show. Removes folders ("C:\a\b.jpg" and
/// "/a/b.jpg" become "b.jpg"). The result is valid UTF-8 of at most 255 bytes;
/// a longer name keeps its end. Characters that control terminals, lines or the
/// direction of writing become U+FFFD. The result is never used as a path.
std::string given_name(std::string_view from);

} // namespace darkroom
