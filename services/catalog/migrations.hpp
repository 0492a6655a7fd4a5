/// Where each engine's migrations are, and how it counts them.
#pragma once

#include "services/catalog/engine.hpp"

namespace darkroom {

/// `sql/sqlite/`, counted by `PRAGMA user_version`.
const schema_dialect& sqlite_schema();

/// `sql/postgres/`, counted by the table `darkroom_schema`.
const schema_dialect& postgres_schema();

} // namespace darkroom
