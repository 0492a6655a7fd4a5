/// Looks at a picture's header: what it is, and whether we will decode it.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/codec/picture.hpp"

#include <string_view>

namespace darkroom {

struct picture_header {
  picture_facts facts;
  /// Has an ICC profile or is CMYK: its colours must be brought to sRGB.
  bool has_own_colours = false;
  bool is_cmyk = false;
};

/// No edge may be longer, whatever [imaging] max_pixels is: JPEG ends there,
/// and a picture 50,000,000 pixels wide takes 14 s of CPU, or 500 MB, to be
/// shown 1 pixel high.
inline constexpr uint32_t max_edge = 65535;

/// Decodes no pixel.
/// @returns ec::bad_input for what is empty or no picture, ec::too_large for
///          more bytes or pixels than `limits` allow, or a longer edge.
result<picture_header> read_header(std::string_view bytes,
                                   const imaging_settings& limits);

} // namespace darkroom
