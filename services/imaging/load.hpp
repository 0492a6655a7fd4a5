/// Decodes a picture to pixels as people see it.
#pragma once

#include "messages/result.hpp"
#include "services/imaging/header.hpp"
#include "services/imaging/vips_image.hpp"

#include <string_view>

namespace darkroom {

/// A box that pixels are shrunk into, never enlarged.
struct box {
  uint32_t width = 0;
  uint32_t height = 0;
};

/// Decodes `bytes`, shrinking while it decodes where the format can: upright,
/// sRGB or grey, 8 bit, alpha kept, all pixels in memory.
/// @returns ec::bad_input if the picture is broken or pixels are missing.
result<image> load_shrunk(std::string_view bytes, const picture_header& header,
                          box into, const imaging_settings& how);

/// A smaller copy of what load_shrunk made. Alpha is premultiplied meanwhile.
result<image> shrink(const image& from, box into);

} // namespace darkroom
