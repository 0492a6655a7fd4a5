/// The stores that `reconciler` compares.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/catalog/catalog.hpp"
#include "services/catalog/catalog_audit.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/catalog/image_book.hpp"
#include "services/fsck/unfinished_index.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/queue_admin.hpp"
#include "services/redis/queue_census.hpp"
#include "services/storage/image_storage.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Connections of their own, to all stores. Not thread-safe.
struct fsck_stores {
  /// @param config must outlive the stores
  /// @param repairs whether the catalog may be written; if not, everything is
  ///   opened for reading
  /// @returns the errors of the catalog, which must exist
  static result<std::unique_ptr<fsck_stores>>
  open(const settings& config, part_makers makers, bool repairs);

  /// Looks for the storage once more: its disk may have gone or come.
  void look_for_storage();

  /// Whether the storage surely has no file of this name; only with `storage`.
  bool is_gone(const std::string& name) const;

  /// All jobs that have not ended, of all queues with our prefix: they may
  /// share the catalog.
  result<unfinished_index> unfinished();

  const settings& config;
  part_makers makers;
  catalog_audit audit;
  catalog_reader reader;
  std::optional<catalog> writer;          ///< only with `repairs`
  std::optional<image_book> book;         ///< only with `repairs`
  std::shared_ptr<image_storage> storage; ///< see `look_for_storage`
  std::string no_storage;                 ///< why there is no `storage`
  std::vector<std::string> queues;        ///< of the last call of `unfinished`
  queue_census census;
  job_queue queue;
  queue_admin admin;
};

} // namespace darkroom
