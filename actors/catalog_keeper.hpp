/// Owns the catalog. All writes of jobs go through it, fenced and in order.
#pragma once

#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/catalog/catalog.hpp"
#include "services/metrics/metrics.hpp"
#include "services/storage/image_storage.hpp"

#include <caf/result.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace darkroom {

/// Data and logic of a CATALOG. It opens the database at the first use, so that
/// a node without image jobs creates no file.
class catalog_keeper_state {
public:
  static inline const char* name = "catalog";

  void init(catalog_settings catalog, storage_settings storage,
            metrics_ptr counted);

  /// Writes rows, then gives the staged files their names, in one transaction.
  /// @returns an error while the catalog is down: ask again
  caf::result<commit_result> commit(const image_commit& rows);

  /// @returns an error if the catalog cannot be asked now
  caf::result<known_result> find(const result_query& query);

  /// @returns an error if a failure was not noted because the catalog is down
  caf::result<void> note(const part_note& x);

  void discard(const void_files& x);

private:
  status open();
  /// Removes what a run whose result is void left of an image's variants.
  status remove_left(const std::string& image_id, const attempt_stamp& stamp);
  /// Whether no row surely names a variant.
  bool is_unnamed(const std::string& file);
  bool has_catalog() const;
  std::vector<std::string> folders() const;
  void count_error(const char* operation, const error& why);
  void count_files(const image_commit& rows);

  catalog_settings catalog_settings_;
  storage_settings storage_settings_;
  metrics_ptr counted_;
  std::unique_ptr<catalog> catalog_;
  std::unique_ptr<image_storage> storage_;
};

/// Spawn it detached: the database and the file system block.
/// @param counted counts stored and reused files, and errors
catalog_actor::behavior_type
catalog_keeper(catalog_actor::stateful_pointer<catalog_keeper_state> self,
               catalog_settings catalog, storage_settings storage,
               metrics_ptr counted);

} // namespace darkroom
