/// Landlock: the kernel's own list of what a process may do with files.
#pragma once

#include "messages/result.hpp"

namespace darkroom {

/// From now on this thread and its later ones can open, make, change, rename or
/// remove no file, use no TCP port and signal no process outside: as much of it
/// as this kernel knows. Descriptors that are open stay usable. Needs
/// PR_SET_NO_NEW_PRIVS.
/// @returns the version that holds, or ec::internal if the kernel has none
///          (before 5.13, or switched off).
result<int> deny_files();

} // namespace darkroom
