/// The course of the queue over HTTP, for charts.
#pragma once

#include "config/settings.hpp"
#include "services/http/http_server.hpp"
#include "services/redis/queue_history.hpp"

#include <mutex>

namespace darkroom {

/// Asks Redis over its own connection.
class history_routes {
public:
  explicit history_routes(const settings& config);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  http_response show(const http_request& request);

  std::mutex mutex_; ///< of all below
  redis_connection redis_;
  queue_keys keys_;
  queue_history history_;
};

} // namespace darkroom
