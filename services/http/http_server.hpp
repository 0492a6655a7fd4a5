/// The HTTP server of a main node: routes, uploads, files, event streams.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/http/lane.hpp"
#include "services/http/message.hpp"
#include "services/http/sse_hub.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace darkroom {

/// For `/metrics`. The first and last are of now, others count since the start.
struct http_counters {
  uint64_t connections = 0; ///< without event streams
  uint64_t requests = 0;
  uint64_t refused = 0; ///< for want of connections or threads
  uint64_t failed = 0;  ///< handlers that threw, and connections lost to it
  uint64_t pending = 0; ///< requests that run or wait on a thread, now
};

/// Serves HTTP/1.1 on one I/O thread and some handler threads a lane.
///
/// What it does for every route: HEAD for GET, 404, 405 with Allow, limits of
/// header, trailer, body, time, waiting requests and connections (also for each
/// address), ETag and If-None-Match, gzip, security headers, the Host check
/// (DNS rebinding; not for probes) and a refusal of writes that a foreign page
/// sent (Origin, Sec-Fetch-Site). No CORS.
///
/// Register routes, then start(). Not thread-safe but for the counters.
class http_server {
public:
  explicit http_server(const http_settings& settings);
  /// Stops.
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// @param method "GET", "POST", "PUT", "DELETE"; GET answers HEAD too
  /// @param pattern "/api/images/{id}" or "/files/{path...}"
  /// @param lane whose threads run the handler; see lane.hpp
  void route(std::string_view method, std::string_view pattern,
             http_handler handler, http_lane lane = http_lane::api);

  /// A POST whose raw body goes to a file; see upload_route.
  void upload(std::string_view pattern, upload_route handlers);

  /// A GET that becomes an event stream.
  void stream(std::string_view pattern, const sse_hub& hub);

  /// Binds and serves; returns at once.
  /// @returns ec::bad_config if the address is malformed, in use or not ours
  status start();

  /// The bound port; 0 before start().
  uint16_t port() const;

  /// Stops listening, ends event streams and idle connections at once, gives
  /// running requests 2 s to be answered, then cuts them off. Handlers that
  /// wait for a thread are not run; returns when the running ones have
  /// returned (they must be bounded in time). May be called twice.
  void stop();

  http_counters counters() const;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace darkroom
