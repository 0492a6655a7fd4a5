/// The one place that reads the wall clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace darkroom {

/// Now, in ms since the epoch. Queue times are the caller's wall clock, as
/// BullMQ's are.
inline int64_t wall_clock_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch())
    .count();
}

} // namespace darkroom
