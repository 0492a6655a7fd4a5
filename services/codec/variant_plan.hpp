/// Which files become of a picture, and in which order they are encoded.
#pragma once

#include "config/settings.hpp"
#include "services/codec/codec_wire.hpp"
#include "services/codec/picture.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// The longest edge that WebP can have; AVIF files get the same limit.
inline constexpr uint32_t max_encoded_edge = 16383;

struct variant_size {
  const char* type;
  uint32_t width; ///< pixels
};

/// The widest comes first.
inline constexpr variant_size variant_sizes[]
  = {{"lg", 1920}, {"md", 1024}, {"sm", 640}};

/// One file to encode, and the names of the variants that it serves.
struct planned_file {
  std::vector<std::string> types; ///< "lg", …
  encode_order order;
  double cost = 0; ///< its share of the time for all files; they sum up to 1
};

/// The files of a picture of this size, the one that takes longest first: if
/// it came last, a core would wait for it at the end. A picture that is
/// narrower than several widths is encoded once for all of them.
/// @param avif_effort 0..9
/// @param formats not empty
std::vector<planned_file>
plan_files(const picture_facts& facts, const imaging_settings& how,
           uint32_t avif_effort, const std::vector<picture_format>& formats);

/// The box that holds all files of the plan.
encode_order box_of(const std::vector<planned_file>& plan);

} // namespace darkroom
