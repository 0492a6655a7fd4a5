/// Checks the queue that an operator's command names.
#pragma once

#include "nodes/command.hpp"

namespace darkroom {

/// Loads the settings like `load_or_exit`. If a flag names a queue that Redis
/// does not have, probably by a typing mistake, says so and ends the process
/// with exit_failed. A configured queue is not checked, as it may not have been
/// used yet.
settings load_queue_or_exit(const command_flags& flags);

/// Whether the queue was named by a flag.
bool is_queue_asked_for(const loaded_settings& loaded);

} // namespace darkroom
