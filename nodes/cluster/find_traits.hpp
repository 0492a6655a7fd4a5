/// Finds this node's traits: the facts that must be equal on all nodes of a
/// queue.
#pragma once

#include "actors/node_traits.hpp"
#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/storage/main_mark.hpp"

#include <caf/fwd.hpp>

#include <functional>
#include <string>
#include <vector>

namespace darkroom {

/// The traits that matter to a worker node's jobs. Blocks; the first call reads
/// the local model's weights and tries the codec.
/// @param settled caches what cannot change while the process runs
/// @returns why jobs would fail here, for example unreadable weights or a codec
///   that does not work
result<node_traits> traits_of(const settings& config,
                              const std::vector<std::string>& job_types,
                              node_traits& settled);

/// All traits of a main node except the uploads folder. Reads the weights, so
/// call it before others wait for this node. Logs what it cannot find out, and
/// leaves that to the workers.
node_traits main_traits(const settings& config);

/// Adds the trait of the storage; marks the uploads folder, if it is one.
void add_uploads_trait(const settings& config, node_traits& to);

/// Leaves the mark of this main node beside the pictures: call it once it is
/// the active one. Logs why if it cannot; then the mark has no name.
main_mark mark_uploads(const settings& config);

/// The `mark_keeper` of that mark.
std::function<void()> mark_keeper_of(caf::actor_system& system,
                                     const settings& config,
                                     const main_mark& mark);

} // namespace darkroom
