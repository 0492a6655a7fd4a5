// The part of http_session that writes responses.
#include "services/http/checks.hpp"
#include "services/http/complete.hpp"
#include "services/http/response_text.hpp"
#include "services/http/server_core.hpp"
#include "services/http/session.hpp"

#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace darkroom {

namespace net = boost::asio;

namespace {

/// The size of one write of a body.
constexpr size_t piece_bytes = 65536;

/// How long a refused client may continue to send. Closing at once would reset
/// the connection, and the client would never see the reason.
constexpr std::chrono::seconds drain_time{2};

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
    complete(request_, response_);
  add_common_headers(response_);
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
  was_answered_ = true;
  transfer_ = transfer_clock{core_.settings, clock::now()};
  expires_at(transfer_.deadline());
  body_sent_ = std::min(response_.body.size(), piece_bytes);
  std::array<net::const_buffer, 2> all{net::buffer(head_),
                                       net::buffer(response_.body, body_sent_)};
  net::async_write(wire_, all,
                   [self = shared_from_this()](error_code failed, size_t sent) {
                     failed ? self->close() : self->send_next(sent);
                   });
}

/// @param sent bytes of the previous write
void http_session::send_next(size_t sent) {
  transfer_.moved(sent, clock::now());
  if (file_.left() > 0)
    return offload(http_lane::file, &http_session::read_file,
                   &http_session::send_piece);
  std::string_view left{response_.body};
  left = left.substr(body_sent_, piece_bytes);
  if (left.empty())
    return finish();
  body_sent_ += left.size();
  expires_at(transfer_.deadline());
  net::async_write(wire_, net::buffer(left),
                   [self = shared_from_this()](error_code failed, size_t more) {
                     failed ? self->close() : self->send_next(more);
                   });
}

void http_session::read_file() {
  chunk_ = file_.read(piece_bytes);
}

void http_session::send_piece() {
  if (chunk_.empty())
    return close(); // the file shrank, so the promised length is wrong
  expires_at(transfer_.deadline());
  net::async_write(wire_, net::buffer(chunk_),
                   [self = shared_from_this()](error_code failed, size_t sent) {
                     failed ? self->close() : self->send_next(sent);
                   });
}

void http_session::finish() {
  spdlog::debug("http_server answered {} {} with {}", request_.method,
                request_.path, response_.status);
  response_ = {};
  file_ = {};
  chunk_ = {};
  if (keep_alive_ && !core_.stopping) {
    return await_request(core_.settings.idle_timeout);
  }
  if (!body_unread_)
    return close();
  wire_.end_sending();
  expires_after(drain_time);
  enter(phase_type::idle); // now it may be closed for another connection
  chunk_.resize(piece_bytes);
  drain();
}

void http_session::drain() {
  wire_.async_read_some(net::buffer(chunk_),
                        [self = shared_from_this()](error_code failed, size_t) {
                          failed ? self->close() : self->drain();
                        });
}

} // namespace darkroom
