/// Asks before what cannot be undone.
#pragma once

#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// Lets pass what was confirmed by `--yes`, or by "yes" at the terminal that
/// standard input is. Asks on standard error, so that answers for scripts stay
/// whole.
/// @param what "removes 17 jobs that wait in queue 'q'"
/// @returns ec::bad_input where nobody can be asked, ec::conflict for a no
status confirm(const std::string& what, bool is_sure);

} // namespace darkroom
