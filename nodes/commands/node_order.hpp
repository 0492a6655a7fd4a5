/// Gives a node an operator's order, over the main node's HTTP API.
#pragma once

#include "messages/result.hpp"
#include "nodes/main_api.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace darkroom {

struct node_order_request {
  main_nodes mains;   ///< the active one is followed
  std::string name;   ///< of the node
  std::string action; ///< "cordon", "drain" or "uncordon"
  std::chrono::milliseconds limit{0};
};

/// Repeats the order until the node confirms it, because the main node or the
/// node's connection may be restarting. Blocks for up to the limit.
/// @returns the error of the first try (unknown node, no main node),
///   ec::not_found if the node left the cluster, ec::timed_out otherwise
status carry_out(node_order_request wanted);

/// Finds the node in an answer of /api/nodes; null if it is missing.
nlohmann::json find_node(const nlohmann::json& all, const std::string& name);

} // namespace darkroom
