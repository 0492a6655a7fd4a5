/// The children of a main node that have parts of pictures made again.
#pragma once

#include "actors/supervisor.hpp"
#include "nodes/node_context.hpp"

#include <vector>

namespace darkroom {

/// Adds the redescriber and the drift watcher, as the settings want them.
void add_remake_children(node_context& node, std::vector<child_spec>& out);

} // namespace darkroom
