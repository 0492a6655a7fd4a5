/// Chooses where the pictures are.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/storage/image_storage.hpp"

#include <cstdint>
#include <memory>

namespace darkroom {

/// Opens what `[storage] kind` says. Makes a missing folder, and asks no other
/// machine.
/// @param longest_original bytes that `fetch` reads: [imaging] max_bytes
/// @returns what is wrong with the settings or the folder
result<std::unique_ptr<image_storage>>
open_storage(const storage_settings& storage, uint64_t longest_original = 0);

} // namespace darkroom
