/// How busy this machine and this process are.
#pragma once

#include <cstdint>

namespace darkroom {

struct machine_info {
  double load = 0;             ///< runnable threads, average of the last minute
  uint64_t memory = 0;         ///< total of the machine, bytes
  uint64_t process_memory = 0; ///< resident, bytes
};

/// The current state; members that the system does not tell stay zero.
machine_info machine_state();

} // namespace darkroom
