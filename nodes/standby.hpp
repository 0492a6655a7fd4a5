/// What a `darkroom serve` does while another one is the active main node.
#pragma once

#include "config/settings.hpp"
#include "services/redis/main_lease.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// A lease that this process took.
struct taken_lease {
  uint64_t fence = 0; ///< 0: a signal ended the wait
  /// The holder before did not end: it was silent for too long. Workers may
  /// not know that yet.
  bool was_silent = false;
};

/// Waits for the lease; answers probes over HTTP meanwhile, if `config.http`
/// is enabled.
result<taken_lease> wait_for_lease(main_lease& lease, const settings& config);

/// Begins this process anew: same program, arguments and number. For a main
/// node that lost its lease: nothing of what it knew or held counts any more.
[[noreturn]] void start_anew();

} // namespace darkroom
