/// How many messages wait for an actor. Only the actor itself can tell.
#pragma once

#include <caf/fwd.hpp>

namespace darkroom {

/// Makes an actor answer `look_mailbox` with the number of messages that wait
/// for it (uint64_t). No interface lists this message. Call it once, at the
/// actor's start.
void answer_mailbox(caf::scheduled_actor* self);

} // namespace darkroom
