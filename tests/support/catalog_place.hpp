/// Places for a new catalog, one type per engine, so that the same cases run on
/// both.
#pragma once

#include "config/settings.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/scratch.hpp"

namespace darkroom {

/// A file that does not exist yet.
struct sqlite_place {
  scratch_folder folder;
  catalog_settings settings = test::catalog_in(folder.file("darkroom.db"));
  /// Begins statements that foreign keys would forbid.
  static constexpr const char* without_keys = "PRAGMA foreign_keys = OFF; ";
};

/// An empty database on this process's server.
struct postgres_place {
  catalog_settings settings
    = test::catalog_in(test::shared_postgres().make_database());
  static constexpr const char* without_keys
    = "SET session_replication_role = replica; ";
};

} // namespace darkroom
