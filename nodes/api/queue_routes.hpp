/// The queue over HTTP: its counts and limits, and what operators do to it as a
/// whole.
#pragma once

#include "nodes/api/job_changes.hpp"
#include "nodes/node_context.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/http/http_server.hpp"
#include "services/redis/job_queue.hpp"

#include <mutex>

namespace darkroom {

/// Asks Redis over its own connections.
class queue_routes {
public:
  /// @param node and reader must outlive the routes
  queue_routes(node_context& node, catalog_reader& reader);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

private:
  http_response show_queue();
  http_response set_paused(bool is_paused);
  http_response set_limits(const http_request& request);
  http_response drain(const http_request& request);
  http_response clean(const http_request& request);
  http_response obliterate(const http_request& request);

  node_context& node_;
  std::mutex mutex_; ///< of both connections below
  job_queue queue_;
  queue_admin admin_;
  std::mutex removal_mutex_; ///< of all below; a removal takes long
  job_changes changes_;
};

} // namespace darkroom
