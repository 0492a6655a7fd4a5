/// Runs the dispatcher's scripts in Redis, one at a time, on one connection.
#pragma once

#include "config/queue_context.hpp"
#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/metrics/metrics.hpp"
#include "services/redis/job_queue.hpp"
#include "services/trace/tracer.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>

namespace darkroom {

struct job_store_state {
  static inline const char* name = "job_store";
  std::unique_ptr<job_queue> queue;
  bool has_told_limits = false; ///< those that hold now

  /// Tells other processes the limits that hold now, unless they know them.
  void tell_limits();

  /// Runs the script of a step.
  store_reply store(const store_step& step, const metrics_ptr& counted,
                    const tracer_ptr& tracing);
};

/// Spawn it detached: it blocks for as long as Redis takes.
/// @param counted counts the settled jobs by outcome
/// @param tracing takes spans of claims; may be null
job_store_actor::behavior_type
job_store(job_store_actor::stateful_pointer<job_store_state> self,
          redis_settings redis, queue_settings queue, queue_context context,
          metrics_ptr counted, tracer_ptr tracing);

} // namespace darkroom
