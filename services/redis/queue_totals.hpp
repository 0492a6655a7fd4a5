/// What `/metrics` and `darkroom queue` tell of a queue beside its counts.
#pragma once

#include "messages/result.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <cstdint>

namespace darkroom {

/// When the oldest of the jobs that are next in line was added, in ms; 0 if no
/// job waits. Blocks.
result<int64_t> oldest_waiting(redis_connection& redis, const queue_keys& keys);

/// BullMQ's own count of jobs, as its `getMetrics` tells it: 0 as long as
/// nobody keeps metrics ([queue] metrics_points, `metrics` of a Worker).
struct queue_totals {
  uint64_t completed = 0;
  uint64_t failed = 0;
};

result<queue_totals> totals_of(redis_connection& redis, const queue_keys& keys);

} // namespace darkroom
