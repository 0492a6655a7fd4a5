/// Sends JSON to a provider or a main node and receives JSON, over http or
/// https only. Does not follow redirects.
#pragma once

#include "messages/result.hpp"
#include "services/http_client/curl_pool.hpp"
#include "services/http_client/http_answer.hpp"
#include "services/http_client/http_error.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace darkroom {

/// One request.
struct json_post {
  std::string url;
  std::string body;   ///< JSON text; if empty, a GET is sent
  std::string bearer; ///< secret, sent as "Authorization: Bearer"; may be empty
  std::chrono::milliseconds timeout{30000};    ///< for the whole exchange
  size_t max_response_bytes = size_t{8} << 20; ///< 8 MB; a vector has 20 KB
  advice_of advice = provider_advice;          ///< added to errors
  std::vector<std::string> headers = {};       ///< "Name: value", more of them
  std::string method = {}; ///< "DELETE"; empty: GET or POST, by the body
  /// PEM file of the CAs that https servers may have; empty: those the system
  /// trusts
  std::string ca_file = {};
  /// PEM text of the only certificate that the server may show; it then counts
  /// for any name. Empty: any of a trusted CA with the name in the URL
  std::string certificate = {};
};

/// Keeps connections open between calls. Calls block. Thread-safe: calls at the
/// same time use different connections.
class http_client {
public:
  /// Sends `post` once and waits for the answer. Unlike libcurl by itself, it
  /// sends no second request if a connection that was kept open turns out to be
  /// closed: whoever counts calls decides about another one.
  /// @param cancel as in `send`
  /// @returns the answer, of any status; the other errors of `send`
  result<http_answer> exchange(const json_post& post,
                               const std::atomic<bool>* cancel);

  /// Sends `post` and waits for the answer. Sends it again, once, if a
  /// connection that was kept open was closed before an answer came.
  /// @param cancel checked at least once per second; null means never cancelled
  /// @returns the body of a 2xx answer, else the error of `http_error`,
  ///   ec::timed_out, ec::upstream_failed (no connection, or the answer is too
  ///   long), ec::cancelled, or ec::bad_config (not a URL). Errors show the URL
  ///   without user, password and query, and never the bearer.
  result<std::string> send(const json_post& post,
                           const std::atomic<bool>* cancel);

private:
  curl_pool handles_;
};

} // namespace darkroom
