/// What this node has of what must be equal on all nodes of a queue.
#pragma once

#include "actors/node_traits.hpp"
#include "config/settings.hpp"
#include "messages/result.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// Of a worker node: of that which its jobs have to do with. Blocks: reads the
/// local model's weights the first time.
/// @param settled keeps what cannot change while the process runs
/// @returns why jobs would fail here: weights that cannot be read
result<node_traits> traits_of(const settings& config,
                              const std::vector<std::string>& job_types,
                              node_traits& settled);

/// Of a main node: of all but the uploads folder. Reads the weights: to be
/// called before others wait for it. What cannot be found out is logged and
/// left to the workers.
node_traits main_traits(const settings& config);

/// Adds the uploads folder, which it marks.
void add_uploads_trait(const settings& config, node_traits& to);

} // namespace darkroom
