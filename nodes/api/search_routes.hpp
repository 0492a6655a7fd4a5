/// Searches over HTTP: by text, by likeness, for duplicates.
#pragma once

#include "nodes/node_context.hpp"
#include "services/http/http_server.hpp"
#include "services/search/picture_search.hpp"

namespace darkroom {

/// Has its own threads, connection to the catalog and index of vectors, because
/// a search may wait for a provider.
class search_routes {
public:
  /// @param node must outlive the routes
  search_routes(node_context& node, catalog_reader catalog);

  /// The routes must outlive the running server.
  void add_to(http_server& server);

  /// See `query_embedder::use`.
  void use(const embedding_settings& embedding) {
    search_.use(embedding);
  }

private:
  http_response find(const http_request& request);
  http_response find_similar(const http_request& request);
  http_response find_duplicates(const http_request& request);

  picture_search search_;
};

} // namespace darkroom
