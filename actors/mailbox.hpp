/// How many messages wait for an actor: only itself can tell.
#pragma once

#include <caf/fwd.hpp>

namespace darkroom {

/// Has an actor answer `look_mailbox`, which is in no interface, with the
/// number of messages (uint64_t) that wait for it. To be called once, at its
/// start.
void answer_mailbox(caf::scheduled_actor* self);

} // namespace darkroom
