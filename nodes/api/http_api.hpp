/// The HTTP API of a main node, for browsers, probes and scripts.
#pragma once

#include "nodes/api/access_routes.hpp"
#include "nodes/api/bulk_routes.hpp"
#include "nodes/api/chaos_routes.hpp"
#include "nodes/api/dead_routes.hpp"
#include "nodes/api/health_routes.hpp"
#include "nodes/api/history_routes.hpp"
#include "nodes/api/image_routes.hpp"
#include "nodes/api/job_routes.hpp"
#include "nodes/api/node_routes.hpp"
#include "nodes/api/provider_routes.hpp"
#include "nodes/api/queue_routes.hpp"
#include "nodes/api/scheduler_routes.hpp"
#include "nodes/api/search_routes.hpp"

#include <functional>
#include <memory>
#include <string>

namespace darkroom {

/// The groups of routes. All answer on the server's handler threads. Each group
/// has its own connections and locks, so that a slow group does not hold up the
/// others.
class http_api {
public:
  /// @param node must outlive the api
  /// @param own_address at which this process reaches its own API; called
  ///   after the server has started
  /// @returns what is wrong with the catalog or the uploads folder
  static result<std::unique_ptr<http_api>>
  make(node_context& node, std::function<main_address()> own_address);

  /// Registers all routes. The api must outlive the running server.
  void add_to(http_server& server, const sse_hub& hub);

  /// Takes over changed settings of what embeds queries. Any thread may call
  /// it.
  void use(const embedding_settings& embedding) {
    search_.use(embedding);
  }

private:
  http_api(node_context& node, std::unique_ptr<image_routes> images,
           std::unique_ptr<access_routes> access, catalog_reader reader,
           catalog_reader searched, std::function<main_address()> own_address);

  std::string pictures_; ///< where the page finds pictures besides here
  std::unique_ptr<image_routes> images_;
  std::unique_ptr<access_routes> access_;
  catalog_reader reader_; ///< of the groups that act on jobs
  search_routes search_;
  job_routes jobs_;
  bulk_routes bulk_;
  queue_routes queue_;
  history_routes history_;
  scheduler_routes schedulers_;
  dead_routes dead_;
  provider_routes providers_;
  node_routes nodes_;
  health_routes health_;
  chaos_routes chaos_;
};

} // namespace darkroom
