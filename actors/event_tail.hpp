/// Sends `job-queued` for every job that producers add to the queue.
#pragma once

#include "actors/directory.hpp"
#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/redis/event_stream.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace darkroom {

struct event_tail_state {
  static inline const char* name = "event_tail";
  std::unique_ptr<event_stream> stream;
};

/// Spawn it detached: it blocks until a job is added or `wake` is raised.
event_tail_actor::behavior_type
event_tail(event_tail_actor::stateful_pointer<event_tail_state> self,
           directory_ptr peers, redis_settings redis, queue_settings queue,
           std::shared_ptr<wake_signal> wake);

} // namespace darkroom
