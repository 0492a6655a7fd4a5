/// Landlock: the kernel restricts what a process may do with files.
#pragma once

#include "messages/result.hpp"

namespace darkroom {

/// From now on, this thread and those it starts cannot open, create, change,
/// rename or remove files, use TCP ports, or signal processes outside, as far
/// as this kernel supports it. Open descriptors stay usable. Needs
/// PR_SET_NO_NEW_PRIVS.
/// @returns the version in force, or ec::internal if the kernel has none
///   (before 5.13, or switched off).
result<int> deny_files();

} // namespace darkroom
