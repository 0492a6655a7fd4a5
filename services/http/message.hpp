/// The request that an HTTP handler gets, and the response that it returns.
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

/// One complete request (an upload comes without its body).
struct http_request {
  std::string method;   ///< "GET", "POST", …; HEAD arrives as "GET"
  bool is_head = false; ///< it was a HEAD; the server sends no body
  std::string path;     ///< as sent, without query, still percent-encoded
  std::map<std::string, std::string> params;  ///< of `{name}`, decoded
  std::map<std::string, std::string> query;   ///< decoded; the first one wins
  std::map<std::string, std::string> headers; ///< names in lower case
  std::string body;
  std::string route; ///< the pattern that it matched, "/api/images/{id}"
  /// The client's address; behind a trusted proxy, the one that it names.
  std::string from;
  bool is_secure = false; ///< it came over TLS, as a trusted proxy says
  std::string who;        ///< set by the guard: for the audit log
  std::string role;       ///< the same

  /// The named entry, or `otherwise` if it is missing.
  std::string param(const std::string& name) const;
  std::string arg(const std::string& name, std::string otherwise = {}) const;
  std::string header(const std::string& name) const;
};

/// One response: a text, or a file if `file` is set.
struct http_response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  /// Further headers. If there is an ETag, the server answers If-None-Match.
  std::vector<std::pair<std::string, std::string>> headers;
  /// A regular file to send instead of `body`. Its name gives the Content-Type;
  /// the server adds ETag, Last-Modified and single ranges.
  std::string file;
};

/// Answers one request. Runs on a thread of the server, may block for a bounded
/// time, and must be safe to run on several threads at once. If it throws, the
/// client gets a 500 and the exception is logged.
using http_handler = std::function<http_response(const http_request&)>;

/// Looks at each request that a route fits before anything else is done with
/// it, and every second at the credentials of an event stream that runs. It may
/// set `who` and `role`. Runs on the I/O thread, so it must not block.
/// @returns a refusal, or nothing to let it pass
using http_guard = std::function<std::optional<http_response>(http_request&)>;

/// Hears of each answered request that a route fits, with the answer's status.
/// Runs on any thread of the server, and must not block.
using http_observer = std::function<void(const http_request&, unsigned status)>;

/// Decision of an upload route about a header: the new file for the body, which
/// must not exist yet, or a refusal.
struct upload_decision {
  std::string path;
  std::optional<http_response> refusal;
};

/// The steps of an upload: `begin`, then the body goes to the file, then
/// `finish`.
struct upload_route {
  std::function<upload_decision(const http_request&)> begin;
  /// Gets the file and its size in bytes, and owns the file from then on. If
  /// the body does not arrive completely, the server removes the file and does
  /// not call `finish`. If `finish` throws, the server removes the file, too.
  std::function<http_response(const http_request&, const std::string& path,
                              uint64_t bytes)>
    finish;
};

/// A response with JSON text.
http_response json_response(unsigned status, std::string body);

/// A refusal: `{"error":{"code","message","hint"}}`.
/// @param code one lower_case word for programs
/// @param hint what to do next; left out if empty
http_response error_response(unsigned status, std::string_view code,
                             std::string_view message,
                             std::string_view hint = {});

/// A response to a failed operation. The error's code gives the status;
/// Retry-After is added if the error has a delay.
http_response error_response(const error& why, std::string_view hint = {});

/// `text` with %XX decoded; empty if an escape is malformed or decodes to NUL.
/// @param plus_is_space true in a query
std::optional<std::string> percent_decode(std::string_view text,
                                          bool plus_is_space = false);

/// The decoded pairs of "a=1&b=2". A name or value with a malformed escape
/// stays as sent, so that its reader can refuse it.
std::map<std::string, std::string> parse_query(std::string_view text);

/// ASCII only: for names of headers, hosts and ends of file names.
std::string lower_case(std::string_view text);

/// "a,b" gives {"a", "b"}; empty parts are left out.
std::vector<std::string> split_list(std::string_view text, char separator);

} // namespace darkroom
