/// Notes the course of the queue, for the charts.
#pragma once

#include "config/settings.hpp"
#include "services/metrics/metrics.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/queue_history.hpp"

namespace darkroom {

/// Owns its connections. Blocks on Redis; not thread-safe. It counts what this
/// main node settles, so jobs of BullMQ's own workers are missing, and so is
/// what ended within 10 s before a main node died.
class queue_sampler {
public:
  /// @param counted where the dispatcher counts
  queue_sampler(const settings& config, metrics_ptr counted);

  /// Adds a point. Call it every `queue_history::fine`.
  status sample();

private:
  history_point ended() const;

  metrics_ptr counted_;
  job_queue queue_;
  redis_connection redis_;
  queue_keys keys_;
  queue_history history_;
  history_point noted_; ///< its `completed` and `failed`: what was noted so far
};

} // namespace darkroom
