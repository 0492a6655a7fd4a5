/// Stops jobs that run under this main node.
#pragma once

#include "messages/interfaces.hpp"
#include "nodes/node_context.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// Asks the dispatcher. Blocks for at most `actor_timeout`.
/// @returns the ids of the jobs that it stops, or why it does not answer
id_list stop_running(node_context& node, const std::vector<std::string>& ids);

} // namespace darkroom
