/// What is refused before any route is asked. Internal to services/http.
#pragma once

#include "config/settings.hpp"
#include "services/http/message.hpp"

#include <boost/beast/http/fields.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace darkroom {

/// The names that a server is called by.
struct host_rules {
  std::set<std::string> names; ///< in lower case
};

/// Loopback's names, the configured ones, and the machine's own where others
/// reach the server: a foreign page cannot make that one resolve elsewhere.
host_rules make_host_rules(const http_settings& settings, bool loopback);

/// The host of a Host header in lower case, without the port; nothing if it is
/// malformed. "localhost:3000" gives "localhost", "[::1]" gives "[::1]".
std::optional<std::string> parse_host(std::string_view text);

/// A 400 or 501 for a header that two servers could read in two ways: more
/// than one Host, Content-Length or Transfer-Encoding, a malformed Host, a
/// coding other than chunked. Where this says so, the connection must end.
/// @param version 10 or 11
std::optional<http_response>
check_header(const boost::beast::http::fields& header, unsigned version);

/// A 421 if the Host is none of ours: a foreign name that resolves to this
/// machine (DNS rebinding).
/// @param local the address that the connection came in on: it is ours too
std::optional<http_response> check_host(const http_request& request,
                                        const host_rules& rules,
                                        const std::string& local);

/// A 403 if another site's page sends a request that changes something.
std::optional<http_response> check_origin(const http_request& request);

/// Adds what every response carries: nosniff, a content policy that lets a page
/// load from here only and lets anything else run nothing, that no other
/// site's page may embed it, and how long it may be kept.
void add_common_headers(http_response& response);

} // namespace darkroom
