/// The catalog's tables: `sql/<engine>/NNN_*.sql`, applied in order and
/// counted. A file that was released is never changed; add the next one, to
/// each engine. PostgreSQL ends one that takes longer than `command_timeout`.
#pragma once

#include "services/catalog/database.hpp"

#include <cstdint>

namespace darkroom {

/// How many migrations this program knows.
int64_t schema_version();

/// How many were applied to the database.
result<int64_t> stored_version(database& db);

/// Brings the tables up to date, each migration in a transaction of its own.
/// Processes that do so at once wait for each other.
/// @returns ec::catalog_failed if a newer Darkroom has changed the tables.
status migrate(database& db);

/// Whether tables of version `stored` are none of a newer Darkroom's.
status check_not_newer(const database& db, int64_t stored);

/// Whether the tables are of this program's version; for readers, which must
/// not change them.
status check_schema(database& db);

} // namespace darkroom
