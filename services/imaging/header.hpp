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
};

/// Decodes no pixel.
/// @returns ec::bad_input for what is empty or no picture, ec::too_large for
///          more bytes or pixels than `limits` allow.
result<picture_header> read_header(std::string_view bytes,
                                   const imaging_settings& limits);

} // namespace darkroom
