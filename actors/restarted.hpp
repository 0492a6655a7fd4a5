/// What an actor's end means for actors that talk to it.
#pragma once

#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

namespace darkroom {

/// Whether the supervisor restarts an actor that ended for this reason: it
/// does, unless the connection to the node broke or the node stops.
inline bool is_restarted_after(const caf::error& reason) {
  return reason != caf::exit_reason::remote_link_unreachable
         && reason != caf::exit_reason::user_shutdown;
}

/// Whether a request to an actor of this node never reached it, because the
/// actor is dead. Then the requested work was not done.
inline bool never_arrived(const caf::error& reason) {
  return reason == caf::sec::request_receiver_down
         || reason == caf::sec::invalid_argument; // there is no such actor now
}

} // namespace darkroom
