/// Has pictures described again that a lower provider of the list described.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/result.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <functional>

namespace darkroom {

struct redescriber_state {
  static inline const char* name = "redescriber";
};

/// Looks when it starts, and again whenever `every` has passed since the last
/// look. Spawn it detached: a look blocks on Redis and the catalog.
/// @param look adds the jobs that are due; its errors are logged, and the next
///   look tries again
redescriber_actor::behavior_type
redescriber(redescriber_actor::stateful_pointer<redescriber_state> self,
            std::chrono::milliseconds every, std::function<status()> look);

} // namespace darkroom
