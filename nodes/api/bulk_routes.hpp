/// Acts on many jobs over HTTP at once.
#pragma once

#include "nodes/api/job_changes.hpp"
#include "nodes/node_context.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/http/http_server.hpp"
#include "services/redis/job_queue.hpp"

#include <mutex>

namespace darkroom {

/// Has its own connections, so that a long action does not hold up those on one
/// job.
class bulk_routes {
public:
  /// @param node and reader must outlive the routes
  bulk_routes(node_context& node, catalog_reader& reader);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  http_response act_on_many(const http_request& request);

  std::mutex mutex_; ///< of all below
  job_queue queue_;
  job_changes changes_;
};

} // namespace darkroom
