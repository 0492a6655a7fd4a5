/// What this process takes of its machine, as Prometheus' clients tell it.
#pragma once

#include <cstdint>

namespace darkroom {

/// Members that the system does not tell stay zero.
struct process_usage {
  double cpu_seconds = 0;      ///< of all threads, in user and system mode
  double started = 0;          ///< Unix time, seconds
  uint64_t resident_bytes = 0; ///< in RAM
  uint64_t virtual_bytes = 0;  ///< address space
  uint64_t open_files = 0;     ///< descriptors
  uint64_t max_open_files = 0; ///< descriptors; 0 = no limit
  uint64_t threads = 0;
};

/// The current values, of /proc. Thread-safe.
process_usage usage_of_process();

} // namespace darkroom
