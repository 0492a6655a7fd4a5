#include "services/codec/capacity.hpp"

#include "services/process/usable_machine.hpp"

#include <algorithm>

namespace darkroom {

codec_capacity capacity_of(const imaging_settings& imaging) {
  codec_capacity out;
  out.cores = imaging.cores ? *imaging.cores : usable_cores();
  out.memory_bytes = imaging.memory_bytes ? *imaging.memory_bytes
                                          : usable_memory() / 2;
  return out;
}

uint32_t slots_of(const settings& config) {
  if (config.worker.concurrency)
    return *config.worker.concurrency;
  return slots_for(capacity_of(config.imaging));
}

uint32_t slots_for(const codec_capacity& capacity) {
  auto by_cores = std::clamp(2 * capacity.cores + 1, 3u, 64u);
  auto by_memory
    = std::max<uint64_t>(capacity.memory_bytes / usual_picture_bytes, 1);
  return static_cast<uint32_t>(std::min<uint64_t>(by_cores, by_memory));
}

} // namespace darkroom
