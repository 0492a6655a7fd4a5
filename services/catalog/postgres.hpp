/// The catalog's engine for several machines: a PostgreSQL database.
#pragma once

#include "config/settings.hpp"
#include "services/catalog/engine.hpp"

#include <string>

namespace darkroom {

/// Connects to the database that the URL `[catalog] database` names. libpq
/// takes what the URL leaves out from PGPASSFILE and the like.
/// @param name its name in errors, without the password
/// @returns ec::bad_config if the URL is invalid, ec::catalog_failed if the
///   server does not let us in or is too old, ec::catalog_unavailable if it
///   cannot be reached
result<engine_ptr> open_postgres(const catalog_settings& cfg,
                                 const std::string& name);

} // namespace darkroom
