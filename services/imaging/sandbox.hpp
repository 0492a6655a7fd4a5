/// Takes from the codec process what it does not need: it computes, and talks
/// over the one socket that it was given.
#pragma once

#include "messages/result.hpp"

#include <chrono>
#include <cstdint>

namespace darkroom {

/// For the rest of the process's life: at most `memory_bytes` of address space
/// (not in sanitizer builds, whose shadow memory needs terabytes), 16 files, no
/// core dump, no new privileges; dies with the thread that started it; no
/// opening of files, no sockets, no processes, no looking into others (a
/// seccomp filter; such calls fail with EACCES). Call it after start_imaging().
/// @returns ec::internal, naming the step, if the system refuses one.
status enter_sandbox(uint64_t memory_bytes);

/// The process dies of SIGXCPU once it has used that much CPU from now on:
/// holds also where nobody is left to kill it.
status limit_cpu(std::chrono::milliseconds more);

} // namespace darkroom
