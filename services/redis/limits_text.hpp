/// The resource limits as the scripts read them.
#pragma once

#include "config/resource_rules.hpp"

#include <chrono>
#include <string>

namespace darkroom {

/// Whether a resource has a limit.
bool has_limits(const resource_rules& rules);

/// JSON {"jobs": {name: [resource, …]}, "limits": {resource: [most starts,
/// window in ms]}, "slack": ms by which windows are longer, as those that
/// people change have none yet}; empty if no job uses a resource.
std::string limits_text(const resource_rules& rules,
                        std::chrono::milliseconds slack);

} // namespace darkroom
