/// The name under which somebody gave us a file.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// A name that is kept and shown: without folders ("C:\a\b.jpg" and "/a/b.jpg"
/// are "b.jpg"), valid UTF-8 of at most 255 bytes, cut at a whole character,
/// its end kept; what controls terminals, lines or the direction of writing
/// becomes U+FFFD. Never used as a path.
std::string given_name(std::string_view from);

} // namespace darkroom
