/// An operator's order to a node, by the main node's HTTP API.
#pragma once

#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace darkroom {

struct node_order_request {
  std::string main;   ///< URL of the main node
  std::string name;   ///< of the node
  std::string action; ///< "cordon", "drain" or "uncordon"
  std::chrono::milliseconds limit{0};
};

/// Gives the order, again and again until the node says that it is so: the
/// main node, or the node's connection, may be starting anew. Blocks for up to
/// the limit.
/// @returns the error of the first try (no such node, no such main node),
///   ec::not_found where the node left the cluster, ec::timed_out else
status carry_out(const node_order_request& wanted);

/// The node in an answer of /api/nodes; null if it is not there.
nlohmann::json find_node(const nlohmann::json& all, const std::string& name);

} // namespace darkroom
