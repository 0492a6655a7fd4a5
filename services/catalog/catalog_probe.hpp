/// Looks at a catalog as it is, for `darkroom doctor`. Changes nothing.
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

} // namespace darkroom
