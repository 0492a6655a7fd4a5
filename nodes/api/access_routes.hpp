/// Logging in to the HTTP API, what each caller may do, and the audit log.
#pragma once

#include "config/settings.hpp"
#include "services/access/access_gate.hpp"
#include "services/access/audit_writer.hpp"
#include "services/http/http_server.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

namespace darkroom {

/// Stands in front of all other routes.
class access_routes {
public:
  /// @returns what is wrong with the catalog
  static result<std::unique_ptr<access_routes>> make(const settings& config);

  /// Also makes the server ask `admit` about each request. The routes must
  /// outlive the running server.
  void add_to(http_server& server);

private:
  access_routes(std::unique_ptr<access_gate> gate, access_book book,
                access_book noted, std::chrono::seconds keep);

  /// Decides whether a request may go on; names its caller in it.
  std::optional<http_response> admit(http_request& request);
  void note(const http_request& request, unsigned status);
  http_response log_in(const http_request& request);
  http_response log_out(const http_request& request);
  http_response show_session(const http_request& request);
  http_response scope(const http_request& request);
  http_response list_audit(const http_request& request);

  std::unique_ptr<access_gate> gate_;
  std::mutex mutex_; ///< of `book_`
  access_book book_;
  audit_writer writer_;
};

} // namespace darkroom
