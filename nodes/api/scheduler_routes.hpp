/// Job schedulers over HTTP.
#pragma once

#include "nodes/node_context.hpp"
#include "services/http/http_server.hpp"
#include "services/redis/scheduler_book.hpp"

#include <mutex>

namespace darkroom {

/// Asks Redis over its own connection.
class scheduler_routes {
public:
  /// @param node must outlive the routes
  explicit scheduler_routes(node_context& node);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  http_response list(const http_request& request);
  http_response put(const http_request& request);
  http_response remove(const http_request& request);

  node_context& node_;
  std::mutex mutex_; ///< of `book_`
  scheduler_book book_;
};

} // namespace darkroom
