/// The catalog's read side: a connection of its own, which reads while the
/// writer writes.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/catalog/database.hpp"
#include "services/catalog/image_record.hpp"

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
  /// @returns ec::catalog_failed if there is no such file or database, or if it
  ///   was not migrated: open a `catalog` first. A server that is away is no
  ///   error yet: calls then give ec::catalog_unavailable, until it is back.
  static result<catalog_reader> open(const catalog_settings& cfg);

  /// Images, newest first, with all their rows.
  /// @param limit at most this many, 1 to 500
  /// @param status only these; empty = all
  result<image_page> list_images(int64_t limit, int64_t offset,
                                 const std::string& status = {});

  /// One image. @returns ec::not_found if there is none of that id.
  result<image_record> image(const std::string& id);

  /// Parts in one status, longest untouched first: what a reconciler compares
  /// with the queue.
  result<std::vector<part_record>> parts(const std::string& status,
                                         int64_t limit);

  /// Calls `take` with every vector, page by page: with each that is there all
  /// the time.
  status each_vector(const std::function<void(stored_vector)>& take);

private:
  explicit catalog_reader(database db);

  status read_rows(image_record& into);

  std::unique_ptr<std::mutex> mutex_; ///< on the heap: readers are movable
  database db_;
};

} // namespace darkroom
