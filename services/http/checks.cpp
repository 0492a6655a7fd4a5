#include "services/http/checks.hpp"

#include <string>

namespace darkroom {

namespace {

constexpr auto page_policy
  = "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// An SVG or text that is opened by itself may show, but run nothing.
constexpr auto other_policy = "default-src 'none'; style-src 'unsafe-inline'; "
                              "sandbox; frame-ancestors 'none'";

/// "localhost:3000" as "localhost", "[::1]:3000" as "[::1]".
std::string without_port(std::string_view host) {
  if (host.starts_with('['))
    return lower_case(host.substr(0, host.find(']') + 1));
  return lower_case(host.substr(0, host.find(':')));
}

} // namespace

std::optional<http_response> check_host(const http_request& request,
                                        const http_settings& settings,
                                        bool loopback) {
  if (!loopback && settings.hosts.empty())
    return std::nullopt;
  auto name = without_port(request.header("host"));
  if (name == "localhost" || name == "127.0.0.1" || name == "[::1]")
    return std::nullopt;
  for (auto& ours : settings.hosts)
    if (name == lower_case(ours))
      return std::nullopt;
  return error_response(421, "unknown_host",
                        "the host '" + name + "' is not served here",
                        "use localhost, or add the name to [http] hosts");
}

std::optional<http_response> check_origin(const http_request& request) {
  auto origin = request.header("origin");
  if (origin.empty() || request.method == "GET")
    return std::nullopt;
  auto begin = origin.find("://");
  auto host = begin == origin.npos ? origin : origin.substr(begin + 3);
  if (lower_case(host) == lower_case(request.header("host")))
    return std::nullopt;
  return error_response(403, "foreign_origin",
                        "the page " + origin + " may not change things here",
                        "send the request from this server's own page, or "
                        "from a program");
}

void add_security_headers(http_response& response) {
  auto is_page = response.content_type.starts_with("text/html");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Content-Security-Policy",
                                is_page ? page_policy : other_policy);
}

} // namespace darkroom
