/// The queue that an operator's command is about.
#pragma once

#include "nodes/command.hpp"

namespace darkroom {

/// Loads the settings as `load_or_exit` does. Where a flag names the queue,
/// which people mistype, and Redis has no such queue, says so and ends the
/// process with exit_failed; a queue that is configured may not have been used
/// yet.
settings load_queue_or_exit(const command_flags& flags);

/// Whether a flag names the queue.
bool is_queue_asked_for(const loaded_settings& loaded);

} // namespace darkroom
