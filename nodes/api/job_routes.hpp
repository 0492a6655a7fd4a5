/// Jobs over HTTP: lists jobs, shows one, adds one, and acts on one for
/// operators.
#pragma once

#include "nodes/api/job_changes.hpp"
#include "nodes/node_context.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/http/http_server.hpp"
#include "services/redis/job_queue.hpp"

#include <mutex>

namespace darkroom {

/// Asks Redis and the catalog over its own connections.
class job_routes {
public:
  /// @param node and reader must outlive the routes
  job_routes(node_context& node, catalog_reader& reader);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  http_response list_jobs(const http_request& request);
  http_response one_job(const http_request& request);
  http_response explain_job(const http_request& request);
  http_response add_job(const http_request& request);
  http_response edit_job(const http_request& request);
  http_response remove_job(const http_request& request);
  http_response retry_job(const http_request& request);
  http_response promote_job(const http_request& request);
  http_response cancel_job(const http_request& request);

  node_context& node_;
  std::mutex mutex_; ///< of all below
  job_queue queue_;
  job_changes changes_;
};

} // namespace darkroom
