/// Where each engine's migrations are, and how it counts them.
#pragma once

#include "services/catalog/engine.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// `sql/sqlite/`, counted by `PRAGMA user_version`; in a file that others use
/// as well, by the table `darkroom_schema`.
schema_dialect sqlite_schema(bool is_shared);

/// `sql/postgres/`, counted by the table `darkroom_schema`.
/// @param schema is made if it is missing; empty: the one that is there
schema_dialect postgres_schema(const std::string& schema);

/// How many migrations there are.
size_t migration_count();

/// The name as SQL writes it: in double quotes.
std::string quoted_name(std::string_view name);

/// The text as SQL writes it: in single quotes.
std::string quoted_text(std::string_view text);

} // namespace darkroom
