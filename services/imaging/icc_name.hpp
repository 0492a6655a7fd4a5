/// The name of a colour profile.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// The description in an ICC profile (versions 2 and 4), in ASCII, at most 100
/// characters. Empty if there is none that we can read.
std::string icc_name(std::string_view profile);

} // namespace darkroom
