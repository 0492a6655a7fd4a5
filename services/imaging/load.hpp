/// Decodes a picture to pixels the way people see it.
#pragma once

#include "messages/result.hpp"
#include "services/imaging/header.hpp"
#include "services/imaging/vips_image.hpp"

#include <string_view>

namespace darkroom {

/// A box to shrink pixels into. Pixels are never enlarged.
struct box {
  uint32_t width = 0;
  uint32_t height = 0;
};

/// Decodes `bytes` to upright, 8 bit sRGB or grey pixels, all in memory; keeps
/// alpha. Shrinks during decoding if the format can.
/// @returns ec::bad_input if the picture is broken or pixels are missing.
result<image> load_shrunk(std::string_view bytes, const picture_header& header,
                          box into, const imaging_settings& how);

/// A smaller copy of the result of load_shrunk. Premultiplies alpha meanwhile.
result<image> shrink(const image& from, box into);

/// A smaller copy that fills `into`: what stands out is cut off on both sides.
result<image> cover(const image& from, box into);

} // namespace darkroom
