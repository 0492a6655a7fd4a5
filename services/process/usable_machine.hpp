/// What this process may use of the machine.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

/// The cores that the affinity mask and the cgroup's quota allow, at least 1. A
/// quota of 150 % counts as 2.
uint32_t usable_cores();

/// The machine's memory, or the limit of the cgroup or RLIMIT_AS if that is
/// less. In bytes.
uint64_t usable_memory();

/// The cores of a cgroup's `cpu.max` ("150000 100000" are 2), 0 if it does not
/// limit them.
uint32_t cores_of_quota(const std::string& cpu_max);

} // namespace darkroom
