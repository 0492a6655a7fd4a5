/// Tells probes and Prometheus whether the node is well.
#pragma once

#include "messages/interfaces.hpp"
#include "nodes/api/cluster_gauges.hpp"
#include "nodes/node_context.hpp"
#include "services/http/http_server.hpp"
#include "services/process/last_answer.hpp"
#include "services/redis/job_queue.hpp"

#include <optional>

namespace darkroom {

/// Asks Redis and actors in its own threads and over its own connections, so
/// that a probe never waits longer than its patience.
class health_routes {
public:
  /// @param node must outlive the routes
  explicit health_routes(node_context& node);

  /// The server and the hub, whose counters are shown, must outlive the routes'
  /// last request.
  void add_to(http_server& server, const sse_hub& hub);

private:
  /// The answers of Redis and of the dispatcher.
  struct health_look {
    status redis = ok;
    std::optional<dispatch_status> work;
  };

  health_look look();
  http_response show_readiness();
  http_response show_metrics();
  void count_served();

  node_context& node_;
  job_queue queue_;       ///< of `health_`'s thread
  cluster_gauges gauges_; ///< of `measured_`'s thread
  const http_server* server_ = nullptr;
  const sse_hub* hub_ = nullptr;
  last_answer<health_look>
    health_;                   // destroyed first: its thread uses all above
  last_answer<bool> measured_; ///< true once it was done
};

} // namespace darkroom
