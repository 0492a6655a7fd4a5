/// Logging in to the HTTP API, what each caller may do, and the audit log.
#pragma once

#include "nodes/node_context.hpp"
#include "services/access/access_gate.hpp"
#include "services/access/audit_writer.hpp"
#include "services/http/http_server.hpp"

#include <memory>
#include <mutex>
#include <optional>

namespace darkroom {

/// Stands in front of all other routes.
class access_routes {
public:
  /// @param node must outlive the routes
  /// @returns what is wrong with the catalog
  static result<std::unique_ptr<access_routes>> make(node_context& node);

  /// Also makes the server ask `admit` about each request. The routes must
  /// outlive the running server.
  void add_to(http_server& server);

private:
  access_routes(node_context& node, std::unique_ptr<access_gate> gate,
                access_book book, access_book noted);

  /// Decides whether a request may go on; names its caller in it.
  std::optional<http_response> admit(http_request& request);
  void note(const http_request& request, unsigned status);
  http_response log_in(const http_request& request);
  http_response log_out(const http_request& request);
  http_response show_session(const http_request& request);
  http_response scope(const http_request& request);
  http_response list_audit(const http_request& request);

  node_context& node_;
  std::unique_ptr<access_gate> gate_;
  std::mutex mutex_; ///< of `book_`
  access_book book_;
  audit_writer writer_;
};

} // namespace darkroom
