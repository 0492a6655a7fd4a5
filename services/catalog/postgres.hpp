/// The catalog's engine for several machines: a PostgreSQL database.
#pragma once

#include "config/settings.hpp"
#include "services/catalog/engine.hpp"

#include <string>

namespace darkroom {

/// Connects to the database that the URL `[catalog] database` names. What the
/// URL leaves out, libpq takes from PGPASSFILE and the like.
/// @param name how errors call it: without the password
/// @returns ec::bad_config where the URL is none, ec::catalog_failed where the
///   server does not let us in or is too old, ec::catalog_unavailable where it
///   cannot be reached
result<engine_ptr> open_postgres(const catalog_settings& cfg,
                                 const std::string& name);

} // namespace darkroom
