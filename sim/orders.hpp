/// What an operator asks of the nodes of a simulated cluster.
#pragma once

#include "sim/process.hpp"

#include <functional>

namespace darkroom::sim {

/// As TERM in nodes/node_process.cpp: asks the dispatcher of a main node, the
/// pool of a worker for a drain, until an answer comes or the time is over.
/// @param on_end  ends the process; is told whether no job was left behind
void drain(world& in, const process_ptr& x, role which,
           std::function<void(bool is_clean)> on_end);

/// As `darkroom node cordon|uncordon`, of a main node.
void order(world& in, const main_process& main, const std::string& node,
           bool is_cordoned);

} // namespace darkroom::sim
