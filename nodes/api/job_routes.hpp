/// Jobs over HTTP: lists jobs, shows one, and acts on it for operators.
#pragma once

#include "actors/job_failure.hpp"
#include "nodes/node_context.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/http/http_server.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/queue_admin.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace darkroom {

/// Asks Redis and the catalog over its own connections.
class job_routes {
public:
  /// @param node must outlive the routes
  job_routes(node_context& node, catalog_reader reader);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  http_response list_jobs(const http_request& request);
  http_response one_job(const http_request& request);
  http_response remove_job(const http_request& request);
  http_response retry_job(const http_request& request);
  http_response promote_job(const http_request& request);
  http_response explain_job(const http_request& request);
  http_response cancel_job(const http_request& request);
  http_response cancel_running(const std::string& id);
  std::optional<http_response> refuse_without_catalog(const stored_job& job);
  /// Tells the catalog and the web tier.
  void tell_failure(const failed_job& job);

  node_context& node_;
  catalog_reader reader_;
  std::mutex mutex_; ///< of both connections to Redis
  job_queue queue_;
  queue_admin admin_;
};

} // namespace darkroom
