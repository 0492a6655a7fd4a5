/// The rows that searches read.
#pragma once

#include "messages/records.hpp"
#include "services/catalog/vector_space.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// A vector that an index loads.
struct stored_vector {
  std::string id; ///< of the image
  std::vector<float> vector;
};

/// What an index must know before it loads.
struct search_state {
  vector_space space; ///< without a model if there is no vector yet
  int64_t change = 0; ///< number of the newest change that was committed
};

/// How far a space is filled.
struct space_progress {
  int64_t images = 0; ///< that have a text to embed
  int64_t fresh = 0;  ///< of these, with a vector of that text
  int64_t stale = 0;  ///< of these, with a vector of another text
};

/// An image whose vector must be made again.
struct outdated_image {
  std::string id;
  std::string file_path;
  image_metadata metadata;
  bool is_stale = false;   ///< it has a vector, of another text
  std::string part_stamp;  ///< differs after each run of its embedding's job
  bool is_settled = false; ///< no such job is running
};

/// A picture's perceptual hash.
struct hashed_image {
  std::string id;
  uint64_t hash = 0;
  uint32_t color = 0; ///< dominant colour, 0xrrggbb
};

} // namespace darkroom
