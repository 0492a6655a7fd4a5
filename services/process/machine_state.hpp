/// How busy this machine and this process are.
#pragma once

#include <cstdint>

namespace darkroom {

struct machine_info {
  double load = 0;             ///< runnable threads, over the last minute
  uint64_t memory = 0;         ///< of the machine, bytes
  uint64_t process_memory = 0; ///< resident, bytes
};

/// Zero where the system does not tell.
machine_info machine_state();

} // namespace darkroom
