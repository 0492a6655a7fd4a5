/// Searches the pictures of a catalog: by text, by likeness, for duplicates.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/search/duplicates.hpp"
#include "services/search/live_index.hpp"
#include "services/search/page_bounds.hpp"
#include "services/search/query_embedder.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

struct picture_hit {
  image_record image;
  double score = 0;                ///< larger is better; of this search only
  std::optional<float> similarity; ///< cosine; none if not found by its vector
  size_t word_rank = 0;            ///< from 1; 0 = not found by its words
};

/// What was searched, so that an empty result can be understood.
struct searched_for {
  vector_space space;    ///< without a model if there is no vector yet
  int64_t vectors = 0;   ///< in the space
  int64_t texts = 0;     ///< descriptions
  int64_t allowed = -1;  ///< images that the filter lets pass; -1: all
  std::string note = {}; ///< why the vectors were not searched; may be empty
};

struct search_page {
  std::vector<picture_hit> hits;
  int64_t total = 0; ///< hits on all pages
  searched_for searched;
};

/// Pictures that look the same.
struct duplicate_set {
  std::vector<picture_hit> pictures; ///< oldest first, at most 100
  std::vector<uint32_t> distances;   ///< of each to the first one, in bits
  int64_t count = 0;                 ///< pictures of the group
};

struct duplicate_page {
  std::vector<duplicate_set> groups;
  int64_t total = 0;    ///< groups on all pages
  int64_t pictures = 0; ///< that have a perceptual hash
};

/// Thread-safe. Owns its connection to the catalog, and the index.
class picture_search {
public:
  /// @param make_desk see `query_embedder`
  picture_search(catalog_reader catalog, embedding_settings embedding,
                 desk_maker make_desk);

  /// Searches words and vectors, and fuses both orders. Each gives its best
  /// 1,000, so that pages of one result agree. If the query cannot be embedded,
  /// only words are searched, and the note says why.
  /// @returns the errors of the catalog
  result<search_page> find(const std::string& text, image_filter filter,
                           page_bounds page);

  /// The pictures whose vectors are nearest to that of image `id`.
  /// @returns ec::not_found if there is no such image
  result<search_page> like(const std::string& id, page_bounds page);

  /// Groups of pictures whose hashes differ in at most `distance` bits.
  result<duplicate_page> duplicates(uint32_t distance, page_bounds page);

  /// See `query_embedder::use`.
  void use(embedding_settings embedding) {
    embedder_.use(std::move(embedding));
  }

  catalog_reader& catalog() {
    return catalog_;
  }

private:
  result<std::vector<search_hit>> near(const std::vector<float>& vector,
                                       const image_filter& filter,
                                       searched_for& searched);
  std::vector<search_hit> near_text(const std::string& text,
                                    const image_filter& filter,
                                    searched_for& searched, status& failed);
  result<std::vector<picture_hit>> read(std::vector<picture_hit> wanted);

  catalog_reader catalog_;
  query_embedder embedder_;
  std::mutex mutex_; ///< guards `index_`
  live_index index_;
};

} // namespace darkroom
