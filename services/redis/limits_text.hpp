/// The resource limits as the scripts read them.
#pragma once

#include "config/settings.hpp"

#include <set>
#include <string>

namespace darkroom {

/// Whether a resource has a limit.
bool has_limits(const queue_settings& queue);

/// Names of the jobs that use such a resource.
std::set<std::string> limited_jobs(const queue_settings& queue);

/// JSON {"jobs": {name: [resource, …]}, "limits": {resource: [most starts,
/// window in ms]}}; empty where no job uses a resource.
std::string limits_text(const queue_settings& queue);

} // namespace darkroom
