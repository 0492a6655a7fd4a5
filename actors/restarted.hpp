/// What the end of an actor means to those who talk to it.
#pragma once

#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

namespace darkroom {

/// Whether an actor that ended so is started anew by its supervisor: neither
/// the connection to its node broke nor does the node stop.
inline bool is_restarted_after(const caf::error& reason) {
  return reason != caf::exit_reason::remote_link_unreachable
         && reason != caf::exit_reason::user_shutdown;
}

/// Whether a request to an actor of this node failed before it was looked at:
/// the actor is dead. What it asked for was not done.
inline bool never_arrived(const caf::error& reason) {
  return reason == caf::sec::request_receiver_down
         || reason == caf::sec::invalid_argument; // there is no such actor now
}

} // namespace darkroom
