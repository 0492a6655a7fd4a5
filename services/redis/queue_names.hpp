/// Which queues a Redis has.
#pragma once

#include "messages/result.hpp"
#include "services/redis/connection.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace darkroom {

/// Keys that one look of `queue_names` walks over: about 1 ms of Redis.
inline constexpr uint32_t keys_a_look = 1000;

/// The names of the queues with BullMQ's prefix ("bull"), in no order; one that
/// is made meanwhile may come twice. Walks over all keys of Redis.
/// @param most_looks bounds the walk; then some may be missing
result<std::vector<std::string>>
queue_names(redis_connection& redis, const std::string& prefix,
            uint32_t most_looks = std::numeric_limits<uint32_t>::max());

} // namespace darkroom
