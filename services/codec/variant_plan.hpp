/// Which files become of a picture, and in which order they are encoded.
#pragma once

#include "config/settings.hpp"
#include "services/codec/codec_wire.hpp"
#include "services/codec/picture.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// Width and height in pixels.
struct pixel_size {
  uint32_t width = 0;
  uint32_t height = 0;
};

/// One file to encode, and the names of the variants that it serves.
struct planned_file {
  std::vector<std::string> types; ///< "lg", …
  encode_order order;
  pixel_size size;    ///< of the file; the codec may round otherwise
  pixel_size decoded; ///< the box that has enough pixels for it
  double cost = 0;    ///< its share of the time for all files; they sum up to 1
};

/// The files of a picture of this size, the one that takes longest first: if
/// it came last, a core would wait for it at the end. Variants whose files
/// would be the same share one: a picture that is narrower than several widths
/// is encoded once for all of them.
/// @param avif_effort 0..9
std::vector<planned_file> plan_files(const picture_facts& facts,
                                     const imaging_settings& how,
                                     uint32_t avif_effort);

/// The order to decode the pixels that all files of the plan need.
encode_order box_of(const std::vector<planned_file>& plan);

} // namespace darkroom
