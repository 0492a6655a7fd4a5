/// The catalog's tables: `sql/NNN_*.sql`, applied in order, counted by SQLite's
/// `user_version`. A file that was released is never changed; add the next one.
#pragma once

#include "services/catalog/sqlite.hpp"

#include <cstdint>

namespace darkroom {

/// How many migrations this program knows.
int64_t schema_version();

/// Brings the tables up to date, each migration in a transaction of its own.
/// @returns ec::catalog_failed if a newer Darkroom has changed the file.
status migrate(database& db);

/// Whether the tables are of this program's version; for readers, which must
/// not change them.
status check_schema(database& db);

} // namespace darkroom
