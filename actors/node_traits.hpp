/// Traits that must be equal on all nodes of a queue, and their comparison.
#pragma once

#include "messages/node.hpp"

#include <string>
#include <vector>

namespace darkroom {

using node_traits = std::vector<node_trait>;

/// `node_trait::what` of the place of the pictures.
inline constexpr auto uploads_trait_name = "uploads folder";

/// The trait of this name; null if there is none.
const node_trait* find_trait(const node_traits& among, const std::string& what);

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

/// Why a worker's pictures are not the main node's although all traits are
/// equal: it reads another id than the main node left there. Empty if it reads
/// the same, or has nothing to do with pictures.
std::string name_copy(const node_traits& main, const node_traits& worker,
                      const std::string& left, const std::string& read);

} // namespace darkroom
