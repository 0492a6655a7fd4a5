#include "services/http/checks.hpp"

#include "services/net/host_name.hpp"

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <charconv>

namespace darkroom {

namespace {

namespace http = boost::beast::http;

constexpr std::string_view pictures_begin = "default-src 'self'; img-src "
                                            "'self' blob: data:";
constexpr std::string_view pictures_end
  = "; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

/// A script that runs as a worker has the policy of its own response.
constexpr auto script_policy
  = "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'";

/// An SVG or a text that is opened on its own may show itself, but run nothing.
constexpr auto other_policy = "default-src 'none'; style-src 'unsafe-inline'; "
                              "sandbox; frame-ancestors 'none'";

std::string policy_for(const std::string& content_type) {
  if (content_type.starts_with("text/html"))
    return page_policy_with({});
  if (content_type.starts_with("text/javascript"))
    return script_policy;
  return other_policy;
}

http_response bad_request(std::string_view code, std::string_view message,
                          std::string_view hint) {
  return error_response(400, code, message, hint);
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.'
         || c == '-' || c == '_';
}

/// Accepts "", or ":" and a port.
bool is_port(std::string_view text) {
  if (text.empty())
    return true;
  uint16_t port = 0;
  auto end = text.data() + text.size();
  auto [stop, failed] = std::from_chars(text.data() + 1, end, port);
  return text[0] == ':' && failed == std::errc{} && stop == end;
}

bool is_v6_literal(std::string_view text) { // "[…]"
  boost::system::error_code failed;
  boost::asio::ip::make_address_v6(std::string{text.substr(1, text.size() - 2)},
                                   failed);
  return !failed && text.find('%') == text.npos;
}

std::optional<http_response> check_codings(const http::fields& header,
                                           unsigned version) {
  auto codings = header.count(http::field::transfer_encoding);
  if (codings == 0)
    return std::nullopt;
  if (header.count(http::field::content_length) > 0 || version < 11)
    return bad_request("bad_length",
                       "Transfer-Encoding with a Content-Length, or in "
                       "HTTP/1.0, has two possible meanings",
                       "send only one of them, in HTTP/1.1");
  auto value = header[http::field::transfer_encoding];
  if (codings == 1 && lower_case({value.data(), value.size()}) == "chunked")
    return std::nullopt;
  return error_response(501, "unknown_coding",
                        "this Transfer-Encoding is not supported",
                        "send the body as it is, or chunked");
}

} // namespace

host_rules make_host_rules(const http_settings& settings, bool loopback) {
  host_rules out{{"localhost", "127.0.0.1", "[::1]"}};
  for (auto& name : settings.hosts)
    out.names.insert(lower_case(name));
  if (auto own = host_name(); !loopback && !own.empty())
    out.names.insert(lower_case(own));
  return out;
}

std::optional<std::string> parse_host(std::string_view text) {
  auto host = lower_case(text);
  auto end = host.starts_with('[') ? host.find(']') : host.find(':');
  if (host.starts_with('[')) {
    if (end == host.npos || !is_v6_literal(host.substr(0, end + 1)))
      return std::nullopt;
    ++end;
  }
  end = std::min(end, host.size());
  if (!is_port(std::string_view{host}.substr(end)))
    return std::nullopt;
  host.resize(end);
  auto is_plain = host.starts_with('[')
                  || std::all_of(host.begin(), host.end(), is_name_char);
  return is_plain && !host.empty() ? std::optional{host} : std::nullopt;
}

std::optional<http_response> check_header(const http::fields& header,
                                          unsigned version) {
  auto hosts = header.count(http::field::host);
  auto host = header[http::field::host];
  if (hosts > 1 || (hosts == 0 && version >= 11)
      || (hosts == 1 && !parse_host({host.data(), host.size()})))
    return bad_request("bad_host",
                       "the request has no Host, several, or a malformed one",
                       "send one, like 'Host: localhost:3000'");
  if (header.count(http::field::content_length) > 1)
    return bad_request(
      "bad_length", "the request has more than one Content-Length", "send one");
  return check_codings(header, version);
}

std::optional<http_response> check_host(const http_request& request,
                                        const host_rules& rules,
                                        const std::string& local) {
  auto name = parse_host(request.header("host")).value_or("");
  if (rules.names.count(name) > 0 || (!name.empty() && name == local))
    return std::nullopt;
  return error_response(421, "unknown_host",
                        "the host '" + name + "' is not served here",
                        "use localhost, or add the name to [http] hosts");
}

std::optional<http_response> check_origin(const http_request& request) {
  if (request.method == "GET")
    return std::nullopt;
  auto site = request.header("sec-fetch-site");
  auto origin = request.header("origin");
  auto begin = origin.find("://");
  auto host = begin == origin.npos ? origin : origin.substr(begin + 3);
  // Whoever is in between can forge a page that came by plain HTTP.
  auto is_forgeable = request.is_secure
                      && lower_case(origin.substr(0, begin)) != "https";
  auto is_own = origin.empty()
                || (lower_case(host) == lower_case(request.header("host"))
                    && !is_forgeable);
  if (is_own && site != "cross-site" && site != "same-site")
    return std::nullopt;
  return error_response(
    403, "foreign_origin",
    "the page " + (origin.empty() ? "of another site" : origin)
      + " may not change things here",
    "send the request from this server's own page, or from a program");
}

std::string page_policy_with(const std::string& pictures) {
  auto out = std::string{pictures_begin};
  if (!pictures.empty())
    out += ' ' + pictures;
  return out + std::string{pictures_end};
}

void add_common_headers(http_response& response) {
  auto add = [&response](const char* name, std::string value) {
    response.headers.emplace_back(name, std::move(value));
  };
  auto has = [&response](const char* name) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [name](const auto& x) { return x.first == name; });
  };
  add("X-Content-Type-Options", "nosniff");
  add("Referrer-Policy", "no-referrer");
  add("Cross-Origin-Resource-Policy", "same-origin");
  if (!has("Content-Security-Policy"))
    add("Content-Security-Policy", policy_for(response.content_type));
  if (!has("Cache-Control"))
    // Content may change under the same name: a variant that is made again
    // replaces the old one. With an ETag, it is cheap to ask whether it has
    // changed.
    add("Cache-Control", response.status < 400 ? "no-cache" : "no-store");
}

} // namespace darkroom
