#include "services/process/machine_state.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace darkroom {

machine_info machine_state() {
  machine_info out;
  if (getloadavg(&out.load, 1) != 1)
    out.load = 0;
  auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  out.memory = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * page;
  std::ifstream statm{"/proc/self/statm"};
  uint64_t whole = 0;
  uint64_t resident = 0;
  if (statm >> whole >> resident)
    out.process_memory = resident * page;
  return out;
}

} // namespace darkroom
