/// `darkroom variants --upgrade`: has variants that were made in haste encoded
/// again.
#pragma once

#include "config/settings.hpp"

#include <cstdint>

namespace darkroom {

/// Adds a generate-variants job for each picture of the catalog whose AVIFs
/// have a lower effort. The jobs run when no other job waits. A picture whose
/// job is still in the queue gets no second one.
/// @returns the command's exit code
int upgrade_variants(const settings& config, uint32_t effort, bool is_json);

} // namespace darkroom
