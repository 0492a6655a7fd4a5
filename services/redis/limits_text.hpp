/// The resource limits as the scripts read them.
#pragma once

#include "config/settings.hpp"

#include <string>

namespace darkroom {

/// Whether a resource that some job uses has a limit.
bool has_limits(const queue_settings& queue);

/// JSON {"jobs": {name: [resource, …]}, "limits": {resource: [most starts,
/// window in ms]}}; empty where no job uses a resource.
std::string limits_text(const queue_settings& queue);

} // namespace darkroom
