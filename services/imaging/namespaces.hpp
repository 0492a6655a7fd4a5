/// Namespaces: a network, a file system and an IPC of the codec process's own,
/// with nothing in them.
#pragma once

#include "services/codec/codec_wire.hpp"

#include <cstdint>

namespace darkroom {

/// In whose user namespace the process is afterwards. In the machine's it needs
/// CAP_SYS_ADMIN. In one of its own it has all capabilities until it drops
/// them, but its user has no number, so it must become the right user before.
enum class user_namespace : uint8_t { machine, own };

/// Leaves the machine's namespaces. From then on the process has no network
/// interface but `lo`, which is down, and its root folder is empty and cannot
/// be written. What is open or mapped stays usable. The process must have one
/// thread.
///
/// @param to gets the walls that hold. Most containers refuse namespaces, and
///   the list of calls forbids the same: that is no news, so nothing is added
///   to `missing`.
/// @returns whether the process has namespaces of its own
bool enter_namespaces(user_namespace users, sandbox_report& to);

} // namespace darkroom
