/// Harms the cluster on request, for staging. Only with `--chaos`.
#pragma once

#include "messages/interfaces.hpp"
#include "nodes/chaos/runner.hpp"
#include "nodes/main_api.hpp"
#include "nodes/node_context.hpp"
#include "services/http/http_server.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

namespace darkroom {

/// Owns the chaos run of this node. The run has its own connections.
class chaos_routes {
public:
  /// @param node must outlive the routes
  /// @param own_address at which this process reaches its own API
  chaos_routes(node_context& node, std::function<main_address()> own_address);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  http_response kill_actor(const http_request& request);
  http_response kill_actor_of_node(const http_request& request);
  http_response cut_node(const http_request& request);
  http_response pass_on(const chaos_order& order);
  http_response show_run(const http_request& request);
  http_response start_run(const http_request& request);
  http_response act(const http_request& request);
  http_response stop_run(const http_request& request);

  node_context& node_;
  std::function<main_address()> own_address_;
  std::atomic<uint64_t> stops_ = 0; ///< stops asked for since the start
  chaos_runner runner_;
};

} // namespace darkroom
