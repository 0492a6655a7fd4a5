/// The catalog's read side: it has its own connection, and reads while the
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
  /// @returns ec::catalog_failed if the file or database does not exist or was
  ///   not migrated: open a `catalog` first. Also succeeds while the server is
  ///   down; calls then return ec::catalog_unavailable until it is back.
  static result<catalog_reader> open(const catalog_settings& cfg);

  /// Images, newest first, with all their rows.
  /// @param limit at most this many, 1 to 500
  /// @param status only these; empty = all
  result<image_page> list_images(int64_t limit, int64_t offset,
                                 const std::string& status = {});

  /// One image. @returns ec::not_found if the id does not exist.
  result<image_record> image(const std::string& id);

  /// Parts in one status, those untouched for longest first. The reconciler
  /// compares them with the queue.
  result<std::vector<part_record>> parts(const std::string& status,
                                         int64_t limit);

  /// Calls `take` with every vector, page by page. Vectors that are added or
  /// removed meanwhile may be left out.
  status each_vector(const std::function<void(stored_vector)>& take);

private:
  explicit catalog_reader(database db);

  status read_rows(image_record& into);

  std::unique_ptr<std::mutex> mutex_; ///< on the heap: readers are movable
  database db_;
};

} // namespace darkroom
