/// The one place that reads the wall clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace darkroom {

/// Now, in ms since the epoch. All times in the queue are the caller's wall
/// clock, like in BullMQ.
inline int64_t wall_clock_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch())
    .count();
}

} // namespace darkroom
