/// The cluster over HTTP: shows nodes and their actors, and gives nodes orders.
#pragma once

#include "messages/interfaces.hpp"
#include "nodes/node_context.hpp"
#include "services/http/http_server.hpp"

#include <optional>

namespace darkroom {

/// Asks actors, with a time limit.
class node_routes {
public:
  /// @param node must outlive the routes
  explicit node_routes(node_context& node) : node_(node) {}

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  http_response list_nodes();
  http_response order_node(const http_request& request, bool is_cordoned);
  /// @returns whether the node exists; nothing if that is unknown
  std::optional<bool> order_own_pool(const node_order& order);
  std::optional<bool> order_worker(const node_order& order);

  node_context& node_;
};

} // namespace darkroom
