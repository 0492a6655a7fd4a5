/// Tells a broken picture from one that is still being written.
#pragma once

#include <string_view>

namespace darkroom {

/// Whether a JPEG, PNG, WebP, GIF, TIFF, AVIF or HEIC ends before its own
/// structure does. False for all other formats. Decodes nothing.
bool ends_early(std::string_view bytes);

} // namespace darkroom
