/// Gives up the rights that the codec process was born with.
#pragma once

#include "messages/result.hpp"

#include <sys/types.h>

namespace darkroom {

/// "nobody", whom no file belongs to, and his group.
inline constexpr uid_t nobody_uid = 65534;

/// No program that this process might start gets a capability. First, as it
/// needs CAP_SETPCAP; without that one there is nothing to gain.
/// @returns ec::internal if the system refuses.
status empty_bounding_set();

/// Where root, able to, started the process, it becomes nobody's, without
/// groups; the one that started it must be able to kill it.
/// @returns ec::internal, saying what stands against it.
status become_nobody();

/// Without any capability for good, in no set. One thread.
/// @returns ec::internal if the system refuses.
status drop_capabilities();

} // namespace darkroom
