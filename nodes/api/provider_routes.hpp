/// The providers of models over HTTP: which rest and why, what the budget
/// leaves, and the limits that can be changed.
#pragma once

#include "nodes/node_context.hpp"
#include "services/http/http_server.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/limit_overrides.hpp"
#include "services/redis/provider_book.hpp"

#include <mutex>

namespace darkroom {

/// Asks Redis over connections of its own.
class provider_routes {
public:
  /// @param node must outlive the routes
  explicit provider_routes(node_context& node);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  http_response show();
  http_response resume(const std::string& resource);
  http_response show_limits();
  http_response change_limits(const http_request& request);

  node_context& node_;
  std::mutex mutex_; ///< of all connections
  provider_book book_;
  limit_overrides overrides_;
  job_queue queue_;
};

} // namespace darkroom
