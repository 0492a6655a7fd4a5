/// The catalog's tables: `sql/<engine>/NNN_*.sql`, applied in order and
/// counted. Never change a file that was released; add the next one, for each
/// engine. PostgreSQL ends a migration that takes longer than
/// `command_timeout`.
#pragma once

#include "services/catalog/database.hpp"

#include <cstdint>

namespace darkroom {

/// How many migrations this program knows.
int64_t schema_version();

/// How many migrations were applied to the database.
result<int64_t> stored_version(database& db);

/// Brings the tables up to date, each migration in its own transaction.
/// Processes that migrate at once wait for each other.
/// @returns ec::catalog_failed if a newer Darkroom has changed the tables.
status migrate(database& db);

/// Checks that the tables, if there are any, are Darkroom's. Changes nothing.
/// @returns ec::catalog_failed with what to do if they are another program's
status check_ours(database& db);

/// Checks that tables of version `stored` are not those of a newer Darkroom.
status check_not_newer(const database& db, int64_t stored);

/// Checks that the tables have this program's version; for readers, which must
/// not change them.
status check_schema(database& db);

} // namespace darkroom
