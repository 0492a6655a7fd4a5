/// The catalog's engine for one machine: a SQLite file.
#pragma once

#include "config/settings.hpp"
#include "services/catalog/engine.hpp"

namespace darkroom {

/// The database of `passing_catalog`.
inline constexpr auto passing_database
  = "file:darkroom?mode=memory&cache=shared";

/// Opens the file, and with read_write makes it and its folder if missing.
/// Every error is ec::catalog_failed; it names the file and what was being
/// done.
result<engine_ptr> open_sqlite(const catalog_settings& cfg, access how);

} // namespace darkroom
