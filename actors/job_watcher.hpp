/// Waits for BullMQ's marker, then claims on the same connection.
#pragma once

#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/redis/job_queue.hpp"
#include "services/trace/tracer.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace darkroom {

struct job_watcher_state {
  static inline const char* name = "job_watcher";
  std::unique_ptr<job_queue> queue;
};

/// Spawn it detached: it blocks until the deadline of a request, or until
/// `wake` is raised.
/// @param tracing takes spans of claims; may be null
job_watcher_actor::behavior_type
job_watcher(job_watcher_actor::stateful_pointer<job_watcher_state> self,
            redis_settings redis, queue_settings queue, queue_context context,
            std::shared_ptr<wake_signal> wake, tracer_ptr tracing);

} // namespace darkroom
