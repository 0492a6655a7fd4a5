/// The queue over HTTP: its counts, pause and resume.
#pragma once

#include "nodes/node_context.hpp"
#include "services/http/http_server.hpp"
#include "services/redis/job_queue.hpp"

#include <mutex>

namespace darkroom {

/// Asks Redis over a connection of its own.
class queue_routes {
public:
  /// @param node outlives the routes
  explicit queue_routes(node_context& node);

  /// The routes outlive the running server.
  void add_to(http_server& server);

private:
  http_response show_queue();
  http_response set_paused(bool is_paused);

  node_context& node_;
  std::mutex mutex_; ///< of `queue_`
  job_queue queue_;
};

} // namespace darkroom
