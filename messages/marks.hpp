/// What is kept beside the variants of a picture.
#pragma once

#include "messages/versioned.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// What the variants were made from and how, and what the picture looks like.
struct image_marks {
  std::string content_hash; ///< SHA-256 of the original, in hex; may be empty
  /// Of all that decides the variants' bytes besides the original and the AVIF
  /// effort; see services/codec/recipe.hpp. Empty with `content_hash`.
  std::string recipe_hash;
  uint32_t avif_effort = 0;    ///< 0..9: what the AVIF files were made with
  std::string blur_hash;       ///< BlurHash of 4x3 components, 28 characters
  std::string dominant_color;  ///< "#rrggbb"
  std::string perceptual_hash; ///< 64 bits as 16 hex digits
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, image_marks& x) {
  return versioned(f, "image_marks", x, x.content_hash, x.recipe_hash,
                   x.avif_effort, x.blur_hash, x.dominant_color,
                   x.perceptual_hash);
}

} // namespace darkroom
