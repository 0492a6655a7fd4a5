/// The resource limits as the scripts read them.
#pragma once

#include "config/resource_rules.hpp"

#include <string>

namespace darkroom {

/// Whether a resource has a limit.
bool has_limits(const resource_rules& rules);

/// JSON {"jobs": {name: [resource, …]}, "limits": {resource: [most starts,
/// window in ms]}}; empty if no job uses a resource.
std::string limits_text(const resource_rules& rules);

} // namespace darkroom
