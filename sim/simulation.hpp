/// Plays one seed, from the first job to the last check.
#pragma once

#include "sim/bug.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace darkroom::sim {

struct simulation_options {
  uint64_t seed = 1;
  std::optional<uint32_t> jobs; ///< none: random
  bug put_in = bug::none;
  bool prints = false; ///< the trace, to standard output
};

struct simulation_report {
  uint64_t seed = 0;
  std::string violation; ///< empty: none
  std::string hash;      ///< of the trace
  uint64_t steps = 0;    ///< messages that actors took
  uint64_t jobs = 0;
  int64_t virtual_ms = 0; ///< length of the play
};

/// Call it in its own process, which ends afterwards, because the actors of
/// killed processes still exist and never end.
simulation_report simulate(const simulation_options& options);

} // namespace darkroom::sim
