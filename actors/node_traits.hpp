/// What must be equal on all nodes of a queue, and whether it is.
#pragma once

#include "messages/node.hpp"

#include <string>
#include <vector>

namespace darkroom {

using node_traits = std::vector<node_trait>;

/// Why a worker node may not join, for people: what differs, both values, and
/// what to do. Empty if it may. Only what both name is compared; where the main
/// node has no value, or where it has a default and the worker's was chosen, it
/// is the workers' own.
std::string name_difference(const node_traits& main, const node_traits& worker);

/// The same between two workers, which must agree in all that both name.
/// @param other the name of the one that is here already
std::string name_difference_to(const std::string& other,
                               const node_traits& theirs,
                               const node_traits& ours);

} // namespace darkroom
