/// What becomes of files that no image has.
#pragma once

#include "services/storage/local_storage.hpp"

#include <string>

namespace darkroom {

/// Moves a file to `lost/`, under its own name, because the catalog may be an
/// older copy, or another one's: nobody else can bring the file back. Removes
/// it if somebody deleted its image, or if its writer never finished it. A
/// folder of variants that is empty then is removed.
status put_away(const local_storage& storage, const std::string& name,
                bool is_deleted);

} // namespace darkroom
