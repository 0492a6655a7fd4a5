/// The life of a long-running node: start, serve, drain, stop.
#pragma once

#include "actors/supervisor.hpp"
#include "config/load.hpp"
#include "nodes/node_context.hpp"
#include "services/net/probe.hpp"

#include <chrono>
#include <functional>
#include <vector>

namespace darkroom {

/// Starts the log, and logs the settings in force.
void announce(const loaded_settings& loaded, const std::string& command);

/// Waits until Redis answers.
/// @returns ec::redis_unavailable if it does not within the time limits,
///   ec::bad_config for TLS files that cannot be used
status check_redis(const redis_settings& settings);

/// The node's name: the configured one, else host name and process id.
std::string name_of(const cluster_settings& cluster);

/// Where a worker node finds its main nodes.
/// @returns ec::bad_config if there is none, or if one is not an address
result<std::vector<endpoint>> mains_of(const cluster_settings& cluster);

/// Lets a node make the tools of its processors, and see what their codec
/// processes do. The embedder is made at its first use, and again after its
/// settings changed.
void give_tools(node_context& node);

/// Lets the node's actors make spans, if `[trace]` names a collector.
void give_tracing(node_context& node);

/// Runs a supervisor over `children` until a signal comes. Then drains
/// `drained` (the dispatcher or the pool) and stops the actors in reverse
/// order.
/// @param on_ready called when the children are started
/// @returns the process's exit code
int run_node(node_context& node, std::vector<child_spec> children, role drained,
             const std::function<void()>& on_ready);

} // namespace darkroom
