/// Writes into the audit log what a command changed in Redis or the catalog
/// without asking a main node.
#pragma once

#include "config/settings.hpp"

#include <string>

namespace darkroom {

/// What a command did, or tried to do.
struct deed {
  std::string what;   ///< "darkroom job retry"
  std::string target; ///< the job, the queue, …
  int code = 0;       ///< the command's exit code
};

/// Writes the entry for `local:` and this user, from this machine. Does nothing
/// if there is no catalog, and never makes one. Blocks for at most a second for
/// PostgreSQL, and five if somebody locks SQLite. A failure is told at the log
/// level debug only, because the deed itself is done.
/// @returns the exit code
int note_deed(const settings& config, const deed& done);

} // namespace darkroom
