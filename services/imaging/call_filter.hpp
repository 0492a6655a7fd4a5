/// The list of system calls that a process may make while it works on pictures.
#pragma once

#include "messages/result.hpp"

namespace darkroom {

/// From now on and for the rest of the process's life, its threads may only
/// compute, allocate memory, start threads, read the time, and use standard
/// error and the socket `channel`. A call that only an intruder makes
/// (programs, processes, sockets, signals to others, mounts, access to the
/// kernel) ends the process with SIGSYS. All other calls fail with EPERM.
/// @returns ec::internal, naming the step, if the system refuses.
status allow_calls(int channel);

/// The list as text, as libseccomp prints it.
/// @param architecture the name that libseccomp uses: "x86_64", "aarch64"
result<std::string> describe_calls(const char* architecture);

} // namespace darkroom
