#include "services/http/response_text.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <ostream> // Beast 1.74 forgets it

namespace darkroom {

namespace {

namespace http = boost::beast::http;

/// Seconds until a refused client may try again: a burst has passed by then.
constexpr auto retry_after = "5";

/// A line end in a value could add forged headers.
std::string one_line(std::string value) {
  std::replace_if(
    value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n'; },
    ' ');
  return value;
}

} // namespace

std::string head_text(const http_response& response, uint64_t length,
                      bool keep_alive) {
  auto reason = http::obsolete_reason(http::int_to_status(response.status));
  auto out = "HTTP/1.1 " + std::to_string(response.status) + ' '
             + std::string{reason} + "\r\n";
  auto add = [&out](const std::string& name, const std::string& value) {
    out += name + ": " + one_line(value) + "\r\n";
  };
  if (response.status != 304 && response.status != 204) {
    add("Content-Length", std::to_string(length));
    add("Content-Type", response.content_type);
  }
  add("Connection", keep_alive ? "keep-alive" : "close");
  for (auto& [name, value] : response.headers)
    add(name, value);
  return out + "\r\n";
}

http_response busy_response(std::string_view code, std::string_view message,
                            std::string_view hint) {
  auto out = error_response(503, code, message, hint);
  out.headers.emplace_back("Retry-After", retry_after);
  return out;
}

} // namespace darkroom
