/// Tiny pictures of the formats that the codec reads but does not write.
#pragma once

#include <string>

namespace darkroom {

/// The file of a tiny picture; empty if there is none of this format.
/// @param format as [imaging] formats names it
std::string trial_picture(const std::string& format);

} // namespace darkroom
