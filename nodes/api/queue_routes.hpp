/// The queue over HTTP: shows its counts, pauses and resumes it.
#pragma once

#include "nodes/node_context.hpp"
#include "services/http/http_server.hpp"
#include "services/redis/job_queue.hpp"

#include <mutex>

namespace darkroom {

/// Asks Redis over its own connection.
class queue_routes {
public:
  /// @param node must outlive the routes
  explicit queue_routes(node_context& node);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  http_response show_queue();
  http_response set_paused(bool is_paused);

  node_context& node_;
  std::mutex mutex_; ///< of `queue_`
  job_queue queue_;
};

} // namespace darkroom
