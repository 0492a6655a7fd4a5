/// The versions of nodes, and which may work together.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

struct node_version {
  uint32_t protocol = 0;
  std::string program; ///< "0.4.0"; sent by a stranger, do not trust it
};

/// Why a worker may not work for a main node, for people: the versions of both,
/// which is too old, and what to do. Empty if it may: the worker is not newer,
/// and speaks at least the protocol `oldest`.
std::string name_version_difference(const node_version& main,
                                    const node_version& worker,
                                    uint32_t oldest);

} // namespace darkroom
