/// Gives up the rights with which the codec process was started.
#pragma once

#include "messages/result.hpp"

#include <sys/types.h>

namespace darkroom {

/// The user "nobody", who owns no files, and the group of the same name.
inline constexpr uid_t nobody_uid = 65534;

/// Makes sure that no program started by this process gets a capability. Must
/// come first, as it needs CAP_SETPCAP; without CAP_SETPCAP there is nothing to
/// give up.
/// @returns ec::internal if the system refuses.
status empty_bounding_set();

/// If root started the process and has the needed capabilities, changes to user
/// nobody without further groups. The parent must be able to kill it.
/// @returns ec::internal, saying what prevents it.
status become_nobody();

/// Drops all capabilities from all sets for good. Affects the calling thread.
/// @returns ec::internal if the system refuses.
status drop_capabilities();

} // namespace darkroom
