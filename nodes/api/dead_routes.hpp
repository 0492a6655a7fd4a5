/// Dead letters over HTTP: why jobs failed for good, and running them again.
#pragma once

#include "nodes/api/redrive.hpp"
#include "nodes/node_context.hpp"
#include "services/http/http_server.hpp"
#include "services/redis/queue_admin.hpp"

#include <mutex>

namespace darkroom {

/// Asks Redis over its own connections.
class dead_routes {
public:
  /// @param node must outlive the routes
  explicit dead_routes(node_context& node);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  http_response list_causes(const http_request& request);
  http_response start_redrive(const http_request& request);

  std::mutex mutex_; ///< of `admin_`
  queue_admin admin_;
  redrive redrive_;
};

} // namespace darkroom
