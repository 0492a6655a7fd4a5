/// What uploads that died left aside.
#pragma once

#include "services/storage/local_storage.hpp"

#include <cstdint>

namespace darkroom {

/// Removes files of uploads that were never whole, and that nobody has written
/// to since `until` (ms since the epoch). Leaves whatever has another form of
/// name: it may be somebody else's.
/// @returns how many there were
result<uint64_t> remove_stale_uploads(const local_storage& storage,
                                      int64_t until);

} // namespace darkroom
