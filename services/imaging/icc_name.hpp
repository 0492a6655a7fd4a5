/// The name of a colour profile.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// The description inside an ICC profile (versions 2 and 4), ASCII, at most
/// 100 characters; empty if there is none that we can read.
std::string icc_name(std::string_view profile);

} // namespace darkroom
