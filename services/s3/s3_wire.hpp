/// Sends one request to an S3 server and receives the answer.
#pragma once

#include "services/http_client/curl_pool.hpp"
#include "services/http_client/http_answer.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace darkroom {

/// One request, signed.
struct s3_call {
  std::string method; ///< "GET", "HEAD", "PUT", "POST" or "DELETE"
  std::string url;
  std::map<std::string, std::string> headers = {};
  std::string_view body = {};               ///< must live as long as the call
  std::chrono::milliseconds timeout{30000}; ///< for the whole exchange
  /// Gets the bytes of a 2xx answer piece by piece; if null, they are kept in
  /// the answer. Ends the exchange by returning false.
  std::function<bool(std::string_view)> take = {};
  const std::atomic<bool>* cancel = nullptr; ///< null: never cancelled
};

/// How a call ended.
struct s3_reply {
  http_answer answer = {};
  std::string trouble = {}; ///< why there is no whole answer; empty if there is
  bool is_cancelled = false;
  bool is_stopped = false; ///< by `take`
};

/// Keeps connections open between calls. Calls block. Thread-safe.
class s3_wire {
public:
  /// Follows no redirects, and sends no request twice on purpose; libcurl may,
  /// if a connection that was kept open turns out to be closed.
  s3_reply send(const s3_call& call);

private:
  curl_pool handles_;
};

} // namespace darkroom
