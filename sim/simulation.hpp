/// One seed's play from its first job to its last check.
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
  std::string violation; ///< empty: all held
  std::string hash;      ///< of the trace
  uint64_t steps = 0;    ///< messages that actors took
  uint64_t jobs = 0;
  int64_t virtual_ms = 0; ///< how long it took
};

/// To be called in a process of its own, which ends afterwards: the actors of
/// processes that were killed are still there, and never end.
simulation_report simulate(const simulation_options& options);

} // namespace darkroom::sim
