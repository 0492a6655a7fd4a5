/// Whether this process could become the active main node. A standby checks it
/// regularly, and before it takes the lease.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <chrono>

namespace darkroom {

/// Tries everything that a start needs from this machine and the catalog, the
/// way the start would use it. Blocks as long as `try_catalog`.
/// @param has_port the active main node may run on this machine, and may have
///   the cluster's port
/// @returns ec::catalog_unavailable if the catalog's server is down, in which
///   case a main node can still start; another error if the start would fail
status try_as_main(const settings& config, bool has_port);

/// Limits how often it tries. Not thread-safe.
class main_trial {
public:
  using clock = std::chrono::steady_clock;

  explicit main_trial(const settings& config) : config_(config) {}

  /// The newest result. Tries again first if a try is due.
  /// @param is_wanted the lease is free, so even a good result is checked again
  const status& look(bool is_wanted, bool has_port, clock::time_point now);

private:
  const settings& config_; ///< the caller's, outlives this
  status last_ = ok;
  clock::time_point next_{}; ///< no try before, unless the lease is free
  std::chrono::milliseconds pause_{0}; ///< after the last try, which failed
};

} // namespace darkroom
