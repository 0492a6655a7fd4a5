/// Inspects a catalog for `darkroom doctor` and for standby main nodes. Changes
/// no table.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/catalog/app_tables.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// What a database server tells about itself.
struct catalog_facts {
  std::string name;    ///< the URL without the password
  std::string version; ///< of the server: "15.8"
  std::string encoding;
  int64_t schema = 0;           ///< migrations that were applied
  bool is_writable = false;     ///< not a replica, not read-only by default
  bool may_make_tables = false; ///< if the role may, in its schema
  bool may_write = false;       ///< if the role may, in all existing tables
  bool is_durable = false;      ///< a commit is on the disk when it returns
};

/// Connects like a main node, and asks.
/// @returns the errors of `database::open` and of its calls
result<catalog_facts> probe_postgres(const catalog_settings& cfg);

/// What is wrong with the web tier's tables, for `[catalog] tables = "adopt"`.
/// @returns the errors of `database::open` and of its calls
result<std::vector<app_misfit>> probe_app_tables(const catalog_settings& cfg);

/// Whether a main node could work with the catalog now. Makes a missing SQLite
/// file and its folder, without tables. Never migrates tables: only the active
/// main node does, and it may be an older Darkroom. Blocks as long as
/// `database::open`.
/// @returns ec::catalog_unavailable if the server is down; another error if a
///   main node would be refused
status try_catalog(const catalog_settings& cfg);

} // namespace darkroom
