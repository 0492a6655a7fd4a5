/// Traits that must be equal on all nodes of a queue, and their comparison.
#pragma once

#include "messages/node.hpp"

#include <string>
#include <vector>

namespace darkroom {

using node_traits = std::vector<node_trait>;

/// Why a worker node may not join, for people: what differs, both values, and
/// what to do. Empty if it may join. Only traits that both nodes have are
/// compared. A trait is left to the workers if the main node has no value for
/// it, or only a default while the worker's value was chosen.
std::string name_difference(const node_traits& main, const node_traits& worker);

/// The same for two workers, which must agree in all traits that both have.
/// @param other the name of the worker that has already joined
std::string name_difference_to(const std::string& other,
                               const node_traits& theirs,
                               const node_traits& ours);

} // namespace darkroom
