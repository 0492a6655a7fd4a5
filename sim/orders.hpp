/// An operator's orders to the nodes of a simulated cluster.
#pragma once

#include "sim/process.hpp"

#include <functional>

namespace darkroom::sim {

/// Like TERM in nodes/node_process.cpp: asks the dispatcher of a main node, or
/// the pool of a worker, to drain. Repeats it until an answer comes or the time
/// is over.
/// @param on_end ends the process; gets whether no job was left behind
void drain(world& in, const process_ptr& x, role which,
           std::function<void(bool is_clean)> on_end);

/// Like `darkroom node cordon|uncordon`, sent by a main node.
void order(world& in, const main_process& main, const std::string& node,
           bool is_cordoned);

} // namespace darkroom::sim
