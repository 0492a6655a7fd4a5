/// What a picture looks like, in a few bytes: computed from small pixels that
/// the codec process decoded.
#pragma once

#include "services/codec/picture.hpp"

#include <string>

namespace darkroom {

struct picture_marks {
  std::string blur_hash;       ///< BlurHash of 4x3 components
  std::string dominant_color;  ///< "#rrggbb"
  std::string perceptual_hash; ///< 64 bits as 16 hex digits
};

/// All marks of a picture, in about 3 ms. Equal pixels give equal marks.
/// @param small not empty; its longer edge should be marks_edge
picture_marks marks_of(const raw_picture& small);

/// The color that covers most of the picture, as the local analyser finds it.
std::string dominant_color(const raw_picture& small);

/// The picture's lowest frequencies, as ImageHash's `phash` takes them: equal
/// for the same picture in another size or quality, or different in a few bits.
/// `dominant_color` and this one squeeze the picture to a square.
std::string perceptual_hash(const raw_picture& small);

} // namespace darkroom
