/// The catalog's engine for one machine: a SQLite file.
#pragma once

#include "services/catalog/engine.hpp"

#include <string>

namespace darkroom {

/// Opens the file, and with read_write makes it and its folder if missing.
/// Every error is ec::catalog_failed; it names the file and what was being
/// done.
result<engine_ptr> open_sqlite(const std::string& path, access how);

} // namespace darkroom
