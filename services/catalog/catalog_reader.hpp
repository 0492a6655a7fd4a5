/// The catalog's read side: it has its own connection, and reads while the
/// writer writes.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/catalog/database.hpp"
#include "services/catalog/image_filter.hpp"
#include "services/catalog/image_record.hpp"
#include "services/catalog/search_record.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace darkroom {

/// Answers the HTTP threads, the reconciler and the vector index. Thread-safe;
/// calls wait for each other (a read takes well under a millisecond).
class catalog_reader {
public:
  /// @returns ec::catalog_failed if the file or database does not exist or was
  ///   not migrated: open a `catalog` first. Also succeeds while the server is
  ///   down; calls then return ec::catalog_unavailable until it is back.
  static result<catalog_reader> open(const catalog_settings& cfg);

  /// Images, newest first, with all their rows.
  /// @param limit at most this many, 1 to 500
  result<image_page> list_images(int64_t limit, int64_t offset,
                                 const image_filter& filter = {});

  /// One image. @returns ec::not_found if the id does not exist.
  result<image_record> image(const std::string& id);

  /// Parts in one status, those untouched for longest first. The reconciler
  /// compares them with the queue.
  result<std::vector<part_record>> parts(const std::string& status,
                                         int64_t limit);

  /// Images with AVIFs of a lower effort, ordered by id, from the one behind
  /// `after`.
  result<std::vector<remade_image>>
  hasty_images(uint32_t below_effort, const std::string& after, int64_t limit);

  /// Images that a provider of this place in the list, or a later one,
  /// described; ordered alike.
  result<std::vector<remade_image>>
  poorly_described(uint32_t from_rank, const std::string& after, int64_t limit);

  // services/catalog/search_rows.cpp

  /// The images that fit `filter.words` best, and all else of the filter;
  /// equal ones by id.
  result<std::vector<std::string>> best_by_words(const image_filter& filter,
                                                 int64_t limit);

  /// All images that the filter lets pass.
  result<std::vector<std::string>> ids(const image_filter& filter);

  /// How many descriptions can be searched.
  result<int64_t> count_texts();

  /// Every picture's perceptual hash, oldest picture first.
  status each_hash(const std::function<void(hashed_image)>& take);

  // services/catalog/search_vectors.cpp

  /// Which space is searched, and the number of the newest change.
  result<search_state> state();

  /// Calls `take` with every vector of the space, page by page. Vectors that
  /// are added or removed meanwhile may be left out.
  status each_vector(const vector_space& space,
                     const std::function<void(stored_vector)>& take);

  /// Calls `take` for each image whose vectors changed after `change`, in the
  /// order of the changes; without floats if it has no vector in the space.
  status each_change(int64_t change, const vector_space& space,
                     const std::function<void(stored_vector, int64_t)>& take);

  /// How far the space is filled.
  result<space_progress> progress(const vector_space& space);

  /// Images whose vector in the space is missing or stale, ordered by id, from
  /// the one behind `after`.
  result<std::vector<outdated_image>>
  outdated(const vector_space& space, const std::string& after, int64_t limit);

private:
  explicit catalog_reader(database db);

  status read_rows(image_record& into);
  result<std::vector<remade_image>>
  images_to_remake(const char* sql, int64_t bound, const std::string& after,
                   int64_t limit);

  std::unique_ptr<std::mutex> mutex_; ///< on the heap: readers are movable
  database db_;
};

} // namespace darkroom
