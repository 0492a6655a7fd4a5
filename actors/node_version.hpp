/// The version of a node.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

struct node_version {
  uint32_t protocol = 0;
  std::string program; ///< "0.4.0"; sent by a stranger, do not trust it
};

/// Why two nodes cannot work together, for people: "speaks protocol 5 (darkroom
/// 0.4.0), the other one 6 (darkroom 0.5.0): …". Empty if they can.
std::string name_difference(const node_version& ours,
                            const node_version& theirs);

} // namespace darkroom
