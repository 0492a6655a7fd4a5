/// What becomes of files that no image has.
#pragma once

#include "services/storage/local_storage.hpp"

#include <string>

namespace darkroom {

/// Removes a variant, and its folder if that is empty then. It can be made
/// again from its original.
status remove_lost_variant(const local_storage& storage,
                           const std::string& name);

/// Moves an original to `lost/`, because nobody can make it again and the
/// catalog may be an older copy; removes it if somebody deleted its image.
status put_away_original(const local_storage& storage, const std::string& name,
                         bool is_deleted);

} // namespace darkroom
