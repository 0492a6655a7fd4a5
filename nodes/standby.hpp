/// What `darkroom serve` does while another process is the active main node.
#pragma once

#include "config/load.hpp"
#include "services/redis/main_lease.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// A lease that this process took.
struct taken_lease {
  uint64_t fence = 0; ///< 0: a signal ended the wait
  /// The previous holder did not end, but was silent for too long. Workers may
  /// not know that yet.
  bool was_silent = false;
};

/// Waits for the lease. Meanwhile answers probes over HTTP, if `config.http` is
/// enabled. HUP starts the process anew, with the settings that there are then.
/// @param load_again tells whether they are sound; empty: HUP does nothing
result<taken_lease> wait_for_lease(main_lease& lease, const settings& config,
                                   const settings_source& load_again);

/// Restarts this process with the same program, arguments and process id. A
/// main node that lost its lease does this, because nothing that it knew or
/// held counts any more.
[[noreturn]] void start_anew();

} // namespace darkroom
