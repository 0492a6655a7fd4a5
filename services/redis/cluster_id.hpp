/// What the main nodes of one queue have in common, and no others.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// A random id that stands beside the queue in Redis. Whoever asks first makes
/// it, so main nodes that follow each other get the same one. Addresses would
/// not do: "localhost" is another server on each machine.
/// @returns ec::redis_unavailable or ec::redis_refused
result<std::string> cluster_id(const redis_settings& redis,
                               const queue_settings& queue);

} // namespace darkroom
