/// Does something every so often, such as a look at what is to be described
/// again.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/result.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace darkroom {

struct chore_state {
  static inline const char* name = "chore";

  /// No aggregate: CAF would give its first member the actor's pointer.
  chore_state() = default;

  bool has_failed = false; ///< the last time
};

/// Works when it starts, and again whenever `every` has passed since it worked
/// last. Spawn it detached if the work blocks.
/// @param failed what the log says before the error, once until it works again
/// @param work an error does not end it: the next time tries again
chore_actor::behavior_type
chore(chore_actor::stateful_pointer<chore_state> self, std::string failed,
      std::chrono::milliseconds every, std::function<status()> work);

} // namespace darkroom
