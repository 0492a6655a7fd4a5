/// Takes from the codec process all that it does not need: it only computes,
/// and talks over the one socket that it was given. docs/security.md lists the
/// walls.
#pragma once

#include "messages/result.hpp"
#include "services/codec/codec_wire.hpp"

#include <chrono>
#include <cstdint>

namespace darkroom {

struct sandbox_plan {
  uint64_t memory_bytes = 0;   ///< maximum of its address space
  std::chrono::seconds cpu{0}; ///< maximum of the process's whole life
  int channel = 3;             ///< the socket that stays open
};

/// Sets up the walls for the rest of the process's life, in this order: hard
/// limits (memory, CPU, no files, no core dump), folder `/`, no new privileges,
/// namespaces with no network and an empty root folder, user nobody if root
/// started it, no capabilities, the process dies with the thread that started
/// it, other processes cannot inspect it, Landlock, the list of allowed system
/// calls.
///
/// Sanitizer builds have only the limits but memory (their shadow needs
/// terabytes), the folder, no new privileges, and the death with the starting
/// thread: their reports and their search for leaks need the rest.
///
/// Call it after start_imaging(), before libvips has any thread.
/// @returns the walls in force, and those that this system lacks; ec::internal,
///   naming the step, if a step fails that works on every Linux.
result<sandbox_report> enter_sandbox(const sandbox_plan& plan);

/// The process dies of SIGXCPU once it has used that much more CPU, even if
/// nobody is left to kill it.
status limit_cpu(std::chrono::milliseconds more);

} // namespace darkroom
