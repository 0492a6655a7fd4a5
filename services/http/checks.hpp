/// Refuses requests before any route is called. Internal to services/http.
#pragma once

#include "config/settings.hpp"
#include "services/http/message.hpp"

#include <boost/beast/http/fields.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace darkroom {

/// The names under which clients may address a server.
struct host_rules {
  std::set<std::string> names; ///< in lower case
};

/// The names of loopback and the configured names. If other machines can reach
/// the server, also the machine's own name: no other site can make that one
/// resolve elsewhere.
host_rules make_host_rules(const http_settings& settings, bool loopback);

/// The host of a Host header in lower case, without the port; empty if
/// malformed. "localhost:3000" gives "localhost", "[::1]" gives "[::1]".
std::optional<std::string> parse_host(std::string_view text);

/// A 400 or 501 for a header that two servers could read in different ways:
/// more than one Host, Content-Length or Transfer-Encoding, a malformed Host,
/// or a coding other than chunked. After such an answer the connection must
/// end.
/// @param version 10 or 11
std::optional<http_response>
check_header(const boost::beast::http::fields& header, unsigned version);

/// A 421 if the Host is not one of ours: another site's name may resolve to
/// this machine (DNS rebinding).
/// @param local the address that the client connected to; it also counts as
///   ours
std::optional<http_response> check_host(const http_request& request,
                                        const host_rules& rules,
                                        const std::string& local);

/// A 403 if a page of another site sends a request that changes something. A
/// page of this host that came by plain HTTP is another site to one by TLS.
std::optional<http_response> check_origin(const http_request& request);

/// The content policy of a page that shows pictures from another origin, too.
/// @param pictures "https://host:9000"
std::string page_policy_with(const std::string& pictures);

/// Adds the headers of every response: nosniff, a content policy (a page and
/// its scripts may load only from here, anything else may run nothing), a ban
/// on embedding by pages of other sites, and a limit for caching.
void add_common_headers(http_response& response);

} // namespace darkroom
