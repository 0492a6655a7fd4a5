/// How workers find files that were already made from the same bytes.
#pragma once

#include "messages/marks.hpp"
#include "messages/records.hpp"
#include "messages/versioned.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// A worker asks for variants of these bytes, made by this recipe.
struct result_query {
  std::string content_hash;   ///< as in image_marks; not empty
  std::string recipe_hash;    ///< as in image_marks; not empty
  uint32_t lowest_effort = 0; ///< of AVIF, 0..9
  uint32_t highest_effort = 9;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, result_query& x) {
  return versioned(f, "result_query", x, x.content_hash, x.recipe_hash,
                   x.lowest_effort, x.highest_effort);
}

/// The newest image that the catalog knows to have such variants. Its files
/// may have been removed or replaced since, so whoever takes them checks their
/// sizes.
struct known_result {
  std::vector<image_marks> marks; ///< one; none if there is no such image
  std::vector<image_variant> variants;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, known_result& x) {
  return versioned(f, "known_result", x, x.marks, x.variants);
}

} // namespace darkroom
