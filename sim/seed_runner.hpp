/// Plays many seeds, each in a process of its own.
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

/// Plays the seeds of a range; after a violation no further one is begun. The
/// caller must have no other thread.
/// @param each  but for the seed
/// @param on_report  is called for each seed, in the order of their ends
/// @returns ec::internal where no process can be started
status
play_seeds(const seed_range& range, const simulation_options& each,
           const std::function<void(const simulation_report&)>& on_report);

} // namespace darkroom::sim
