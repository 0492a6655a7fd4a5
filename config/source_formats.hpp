/// The formats of pictures that `[imaging] formats` can name.
#pragma once

#include <string>
#include <vector>

namespace darkroom {

/// Those that every build reads: "jpeg", "png", …
std::vector<std::string> common_formats();

/// All of them. A build reads "heic" and "jxl" only if its libvips does.
std::vector<std::string> known_formats();

} // namespace darkroom
