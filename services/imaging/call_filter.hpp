/// The list of system calls that a process at work on pictures may make.
#pragma once

#include "messages/result.hpp"

namespace darkroom {

/// From now on all threads may compute, ask for memory, start threads, tell the
/// time and talk over the socket `channel` and standard error; nothing else.
/// What only an intruder does (programs, processes, sockets, signals to others,
/// mounts, the kernel's back doors) ends the process with SIGSYS, the rest
/// fails with EPERM. For the rest of the process's life.
/// @returns ec::internal, naming the step, if the system refuses.
status allow_calls(int channel);

/// The list for people, as libseccomp prints it.
/// @param architecture as libseccomp calls it: "x86_64", "aarch64"
result<std::string> describe_calls(const char* architecture);

} // namespace darkroom
