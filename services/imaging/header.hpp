/// Reads a picture's header: what it is, and whether we will decode it.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/codec/picture.hpp"

#include <string>
#include <string_view>

namespace darkroom {

struct picture_header {
  picture_facts facts;
  /// Has an ICC profile or is CMYK: its colours must be converted to sRGB.
  bool has_own_colours = false;
  bool is_cmyk = false;
  /// What decoding takes at most, as memory_need() predicts it.
  uint64_t memory_bytes = 0;
};

/// The longest edge we decode, whatever [imaging] max_pixels allows. JPEG
/// cannot be longer, and shrinking a picture 50,000,000 pixels wide to a height
/// of 1 pixel takes 14 s of CPU, or 500 MB.
inline constexpr uint32_t max_edge = 65535;

/// Reads the header without decoding pixels.
/// @returns ec::bad_input if the file is empty, not a picture, or of a format
///   that `limits.formats` does not name or libvips does not read;
///   ec::too_large if it has more bytes or pixels than `limits` allow, a longer
///   edge than max_edge, or too many channels.
result<picture_header> read_header(std::string_view bytes,
                                   const imaging_settings& limits);

/// What a build needs to read "heic" or "jxl", for people.
std::string what_it_takes(const std::string& format);

} // namespace darkroom
