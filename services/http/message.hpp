/// What an HTTP handler gets and gives: one request, one response.
#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace darkroom {

/// One request, read whole (uploads: without the body).
struct http_request {
  std::string method; ///< "GET", "POST", …; HEAD arrives as "GET"
  std::string path;   ///< as sent, without the query: still percent-encoded
  std::map<std::string, std::string> params;  ///< of `{name}`, decoded
  std::map<std::string, std::string> query;   ///< decoded; the first one wins
  std::map<std::string, std::string> headers; ///< names in lower case
  std::string body;

  /// The named entry, or `otherwise` if there is none.
  std::string param(const std::string& name) const;
  std::string arg(const std::string& name, std::string otherwise = {}) const;
  std::string header(const std::string& name) const;
};

/// One response: a text, or a file if `file` is not empty.
struct http_response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  /// More header lines. An ETag makes the server answer If-None-Match.
  std::vector<std::pair<std::string, std::string>> headers;
  /// A regular file to be streamed in place of `body`: gives Content-Type by
  /// its name, ETag, Last-Modified and single ranges.
  std::string file;
};

/// Answers one request. Runs on the server's worker threads, may block for a
/// bounded time, and must be safe to run on several threads at once. What it
/// throws becomes a 500 and a log line.
using http_handler = std::function<http_response(const http_request&)>;

/// What an upload route decides from the header: the new file that the body
/// goes to (it must not exist yet), or a refusal.
struct upload_decision {
  std::string path;
  std::optional<http_response> refusal;
};

/// An upload: `begin`, then the body goes to the file, then `finish`.
struct upload_route {
  std::function<upload_decision(const http_request&)> begin;
  /// Gets the file and its size in bytes, and owns the file from here on. If
  /// the body never arrives whole, the server removes the file and `finish` is
  /// not called; nor does the file stay if `finish` throws.
  std::function<http_response(const http_request&, const std::string& path,
                              uint64_t bytes)>
    finish;
};

/// A response of JSON text.
http_response json_response(unsigned status, std::string body);

/// `{"error":{"code","message","hint"}}`: how every refusal looks.
/// @param code one lower_case word programs decide by
/// @param hint what to do next; left out if empty
http_response error_response(unsigned status, std::string_view code,
                             std::string_view message,
                             std::string_view hint = {});

/// The response to a failed operation; status by the code, Retry-After if told.
http_response error_response(const error& why, std::string_view hint = {});

/// `text` with %XX decoded; nothing if an escape is malformed or there is a
/// NUL.
/// @param plus_is_space as in a query
std::optional<std::string> percent_decode(std::string_view text,
                                          bool plus_is_space = false);

/// The pairs of "a=1&b=2", decoded. A malformed escape leaves its name or value
/// as it was sent, for whoever reads it to refuse.
std::map<std::string, std::string> parse_query(std::string_view text);

/// ASCII only: for header names, hosts, file name ends.
std::string lower_case(std::string_view text);

/// "a,b" as {"a", "b"}; empty parts are left out.
std::vector<std::string> split_list(std::string_view text, char separator);

} // namespace darkroom
