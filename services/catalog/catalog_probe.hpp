/// Looks at a catalog as it is, for `darkroom doctor` and for main nodes that
/// stand by. Changes no table.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// What a database with a server says of itself.
struct catalog_facts {
  std::string name;    ///< the URL without the password
  std::string version; ///< of the server: "15.8"
  std::string encoding;
  int64_t schema = 0;           ///< migrations that were applied
  bool is_writable = false;     ///< no replica, no read-only default
  bool may_make_tables = false; ///< the role may, in its schema
  bool may_write = false;       ///< the role may, in all tables there are
  bool is_durable = false;      ///< a commit is on the disk when it returns
};

/// Connects as a main node does, and asks.
/// @returns why that fails, as `database::open` and its calls say it
result<catalog_facts> probe_postgres(const catalog_settings& cfg);

/// Whether a main node could work with it now. Makes a SQLite file, with its
/// folder, that is missing, without tables; brings no tables up to date: that
/// is the active main node's, which may be an older Darkroom. Blocks as
/// `database::open`.
/// @returns ec::catalog_unavailable where the server is away; others where a
///   main node would be refused
status try_catalog(const catalog_settings& cfg);

} // namespace darkroom
