/// Asks before a command does what cannot be undone.
#pragma once

#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// Succeeds after `--yes`, or if somebody answers "yes" at the terminal. Asks
/// on stderr, so that answers for scripts stay whole.
/// @param what "removes 17 jobs that wait in queue 'q'"
/// @returns ec::bad_input if stdin is not a terminal, ec::conflict for a no
status confirm(const std::string& what, bool is_sure);

} // namespace darkroom
