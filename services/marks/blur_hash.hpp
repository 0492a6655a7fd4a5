/// BlurHash: a blurred picture in a short text, which a page shows until the
/// picture itself is there.
#pragma once

#include "services/codec/picture.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// Any decoder of BlurHash reads it.
/// @param components_x how many cosines it has from left to right, 1..9
/// @param components_y the same from top to bottom
/// @returns 4 + 2 x components_x x components_y characters of ASCII
std::string blur_hash(const raw_picture& from, uint32_t components_x,
                      uint32_t components_y);

} // namespace darkroom
