/// How many jobs a queue has.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

/// How many jobs are in each state.
struct queue_counts {
  uint64_t waiting = 0;
  uint64_t active = 0;
  uint64_t delayed = 0;
  uint64_t prioritized = 0;
  uint64_t waiting_children = 0;
  uint64_t completed = 0;
  uint64_t failed = 0;
  bool paused = false;
};

/// How many jobs of a name wait for a node that runs them. They also count as
/// delayed.
struct aside_count {
  std::string job_name;
  uint64_t jobs = 0;
};

} // namespace darkroom
