/// The HTTP server of a main node: routes, uploads, files and event streams.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/http/lane.hpp"
#include "services/http/message.hpp"
#include "services/http/sse_hub.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// All of them are shown by `/metrics`. `connections` and `pending` are of now;
/// the others count from the start.
struct http_counters {
  uint64_t connections = 0; ///< event streams are not included
  uint64_t requests = 0;
  uint64_t refused = 0; ///< too few free connections or threads
  uint64_t failed = 0;  ///< handlers that threw, and connections lost by it
  uint64_t pending = 0; ///< requests that run or wait for a thread now
};

/// Serves HTTP/1.1, plain or over TLS, with one I/O thread and a few handler
/// threads per lane.
///
/// It does the following for every route: HEAD for GET; 404; 405 with Allow;
/// limits for header, trailer, body, time, waiting requests and connections (in
/// total and per address); ETag and If-None-Match; gzip; security headers; the
/// Host check against DNS rebinding (not for probes); and it refuses writes
/// that a page of another site sends (Origin, Sec-Fetch-Site). There is no
/// CORS.
///
/// Register routes, then call start(). Only the counters are thread-safe.
class http_server {
public:
  explicit http_server(const http_settings& settings);
  /// Stops the server.
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// @param method "GET", "POST", "PUT", "PATCH" or "DELETE"; GET also answers
  ///   HEAD
  /// @param pattern "/api/images/{id}" or "/files/{path...}"
  /// @param lane the threads that run the handler; see lane.hpp
  void route(std::string_view method, std::string_view pattern,
             http_handler handler, http_lane lane = http_lane::api);

  /// A POST whose raw body is written to a file; see upload_route.
  void upload(std::string_view pattern, upload_route handlers);

  /// A GET that becomes an event stream.
  void stream(std::string_view pattern, const sse_hub& hub);

  /// Sets who looks at requests first, and who hears of answers. Call it before
  /// start().
  void watch(http_guard guard, http_observer observer);

  /// Binds the port and serves; returns at once.
  /// @returns ec::bad_config if the address is malformed, in use, or not one of
  ///   this machine, or if a TLS file is unusable
  status start();

  /// Replaces `[http] hosts` while it serves. Any thread may call it.
  void serve_hosts(std::vector<std::string> hosts);

  /// The bound port; 0 before start().
  uint16_t port() const;

  /// Stops listening, and ends event streams and idle connections at once.
  /// Running requests get 2 s to finish; then their connections are cut off.
  /// Handlers that still wait for a thread are not run. Returns when the
  /// running handlers have returned, so they must be bounded in time. May be
  /// called twice.
  void stop();

  http_counters counters() const;

  /// When the certificate expires, in ms since the epoch; 0 without TLS.
  int64_t certificate_end() const;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace darkroom
