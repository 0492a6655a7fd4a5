/// Whether this process could become the active main node: one that stands by
/// looks before it takes the lease, and again and again.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <chrono>

namespace darkroom {

/// What a start needs of this machine and of the catalog, each tried as the
/// start would use it. Blocks as `try_catalog`.
/// @param has_port the active main node may run on this machine, and have the
///   cluster's port
/// @returns ec::catalog_unavailable where the catalog's server is away: a main
///   node can start all the same; others where its start would fail
status try_as_main(const settings& config, bool has_port);

/// Tries not more often than is of use. Not thread-safe.
class main_trial {
public:
  using clock = std::chrono::steady_clock;

  explicit main_trial(const settings& config) : config_(config) {}

  /// The newest word, after another try where one is due.
  /// @param is_wanted the lease is free: what was well is looked at again
  const status& look(bool is_wanted, bool has_port, clock::time_point now);

private:
  const settings& config_; ///< the caller's, outlives this
  status last_ = ok;
  clock::time_point next_{}; ///< not before, but for a lease that is free
  std::chrono::milliseconds pause_{0}; ///< after the last try; it failed
};

} // namespace darkroom
