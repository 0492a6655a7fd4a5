/// Takes from the codec process what it does not need: it computes, and talks
/// over the one socket that it was given. docs/security.md lists the walls.
#pragma once

#include "messages/result.hpp"
#include "services/codec/codec_wire.hpp"

#include <chrono>
#include <cstdint>

namespace darkroom {

struct sandbox_plan {
  uint64_t memory_bytes = 0;   ///< of address space, at most
  std::chrono::seconds cpu{0}; ///< of the process's whole life, at most
  int channel = 3;             ///< the socket that it keeps
};

/// For the rest of the process's life, in this order: hard limits (memory, CPU,
/// no files, no core dump; not memory in sanitizer builds, whose shadow needs
/// terabytes), folder `/`, no new privileges, nobody's process where root
/// started it, no capabilities, dies with the thread that started it, nobody
/// looks into it, Landlock, the list of allowed system calls. Of these,
/// sanitizer builds have the limits, the folder and no new privileges: what
/// they write and how they look for leaks needs the rest.
///
/// Call it after start_imaging(), before libvips has any thread.
/// @returns what holds, and what this system lacks; ec::internal, naming the
///          step, if it refuses what every Linux has.
result<sandbox_report> enter_sandbox(const sandbox_plan& plan);

/// The process dies of SIGXCPU once it has used that much CPU from now on:
/// holds also where nobody is left to kill it.
status limit_cpu(std::chrono::milliseconds more);

} // namespace darkroom
