// The part of http_session that writes responses.
#include "services/http/checks.hpp"
#include "services/http/server_core.hpp"
#include "services/http/session.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/status.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

namespace darkroom {

namespace net = boost::asio;
namespace http = boost::beast::http;

namespace {

/// What one write of a file takes.
constexpr size_t piece_bytes = 65536;

/// How long a client that was refused may go on sending. Closing at once would
/// reset the connection, and the client would never see why.
constexpr std::chrono::seconds drain_time{2};

/// Line ends in a value would let it forge headers.
std::string one_line(std::string value) {
  std::replace_if(
    value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n'; },
    ' ');
  return value;
}

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

} // namespace

void http_session::send(http_response response) {
  set_response(std::move(response));
  send_response();
}

void http_session::set_response(http_response response) {
  response_ = std::move(response);
  file_ = {};
  if (!response_.file.empty())
    file_ = open_file(request_, response_);
  else
    apply_if_none_match(request_, response_);
  add_security_headers(response_);
}

void http_session::send_response() {
  if (body_unread_ || core_.stopping)
    keep_alive_ = false;
  auto length = file_ ? file_.left() : response_.body.size();
  head_ = head_text(response_, length, keep_alive_);
  if (is_head_) {
    response_.body.clear();
    file_ = {};
  }
  // The time for a body is given for each 64 KB.
  auto pieces = 1 + static_cast<int>(response_.body.size() / piece_bytes);
  stream_.expires_after(core_.settings.body_timeout * pieces);
  std::array<net::const_buffer, 2> all{net::buffer(head_),
                                       net::buffer(response_.body)};
  net::async_write(
    stream_, all, [self = shared_from_this()](error_code failed, size_t) {
      if (failed)
        return self->close();
      self->file_.left() > 0 ? self->send_file() : self->finish();
    });
}

void http_session::read_file() {
  chunk_ = file_.read(piece_bytes);
}

void http_session::send_file() {
  offload(&http_session::read_file, &http_session::send_piece);
}

void http_session::send_piece() {
  if (chunk_.empty())
    return close(); // the file shrank: the length we promised is wrong
  stream_.expires_after(core_.settings.body_timeout);
  net::async_write(stream_, net::buffer(chunk_),
                   [self = shared_from_this()](error_code failed, size_t) {
                     if (failed)
                       return self->close();
                     self->file_.left() > 0 ? self->send_file()
                                            : self->finish();
                   });
}

void http_session::finish() {
  spdlog::debug("http_server answered {} {} with {}", request_.method,
                request_.path, response_.status);
  response_ = {};
  file_ = {};
  chunk_ = {};
  if (keep_alive_ && !core_.stopping) {
    idle_ = true;
    stream_.expires_after(core_.settings.idle_timeout);
    return read_header();
  }
  if (!body_unread_)
    return close();
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(drain_time);
  chunk_.resize(piece_bytes);
  drain();
}

void http_session::drain() {
  stream_.async_read_some(net::buffer(chunk_), [self = shared_from_this()](
                                                 error_code failed, size_t) {
    failed ? self->close() : self->drain();
  });
}

} // namespace darkroom
