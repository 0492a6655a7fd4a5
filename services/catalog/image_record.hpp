/// The rows that the catalog's reader returns.
#pragma once

#include "messages/records.hpp"
#include "services/catalog/vector_space.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// One of an image's parts that was begun.
struct part_record {
  std::string image_id;
  image_part part{};
  std::string status; ///< pending, processing, completed or failed
  std::string error;  ///< of the last attempt that failed; may be empty
  attempt_stamp stamp;
  int64_t updated_at = 0;
  std::string value; ///< JSON text that the job left with the part, or empty
};

struct variant_record {
  int64_t id = 0;
  image_variant variant;
  int64_t created_at = 0;
};

/// An image's entry in the vector store, without the vector: of the space that
/// is searched, if it has one there.
struct embedding_record {
  vector_space space;
  std::string text_hash;    ///< SHA-256 of its text; empty: not stored
  bool is_stale = false;    ///< the metadata has another text by now
  bool is_searched = false; ///< its space is the one that is searched
};

/// Everything about one image. Times are ms since the epoch.
struct image_record {
  std::string id;
  std::string file_path;
  std::string original_name; ///< the uploader's name for it; may be empty
  std::string status;
  std::string error; ///< empty unless failed
  int64_t created_at = 0;
  int64_t updated_at = 0;
  int64_t processed_at = 0; ///< 0 = never completed
  std::vector<part_record> parts;
  std::optional<image_metadata> metadata;
  std::vector<variant_record> variants;
  std::optional<embedding_record> embedding;
  std::optional<image_marks> marks; ///< none before its variants are made
};

/// A page of images, newest first.
struct image_page {
  std::vector<image_record> images;
  int64_t total = 0; ///< images that match the filter, on all pages
};

/// An image of which a part is to be made again.
struct remade_image {
  std::string id;
  std::string file_path;
  int64_t made_at = 0; ///< ms since the epoch; when the part was made
};

} // namespace darkroom
