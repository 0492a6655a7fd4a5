/// Whether the node is well, for probes and Prometheus.
#pragma once

#include "messages/interfaces.hpp"
#include "nodes/api/cluster_gauges.hpp"
#include "nodes/node_context.hpp"
#include "services/http/http_server.hpp"
#include "services/process/last_answer.hpp"
#include "services/redis/job_queue.hpp"

#include <optional>

namespace darkroom {

/// Asks Redis and actors in threads of its own, over connections of its own, so
/// that a probe never waits for longer than its patience.
class health_routes {
public:
  /// @param node outlives the routes
  explicit health_routes(node_context& node);

  /// Server and hub outlive the routes' last request; their counters are shown.
  void add_to(http_server& server, const sse_hub& hub);

private:
  /// What Redis and the dispatcher answered.
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
    health_;                   // destroyed first: these threads use all above
  last_answer<bool> measured_; ///< true once it was done
};

} // namespace darkroom
