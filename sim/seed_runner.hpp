/// Plays many seeds, each in its own process.
#pragma once

#include "messages/result.hpp"
#include "sim/simulation.hpp"

#include <functional>

namespace darkroom::sim {

struct seed_range {
  uint64_t first = 1;
  uint64_t count = 1;
  uint32_t processes = 1; ///< at once
};

/// Plays the seeds of a range. After a violation it begins no further seed. The
/// caller must not have other threads.
/// @param each the options of each play; the seed is replaced
/// @param on_report is called for each seed, in the order in which they end
/// @returns ec::internal if no process can be started
status
play_seeds(const seed_range& range, const simulation_options& each,
           const std::function<void(const simulation_report&)>& on_report);

} // namespace darkroom::sim
