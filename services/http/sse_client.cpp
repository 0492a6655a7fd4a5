#include "services/http/sse_client.hpp"

#include "services/http/sse_core.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <netinet/tcp.h>

#include <utility>

namespace darkroom {

namespace {

namespace net = boost::asio;
using boost::system::error_code;

constexpr auto head = "HTTP/1.1 200 OK\r\n"
                      "Content-Type: text/event-stream\r\n"
                      "Cache-Control: no-store\r\n"
                      "X-Accel-Buffering: no\r\n"
                      "X-Content-Type-Options: nosniff\r\n"
                      "Cross-Origin-Resource-Policy: same-origin\r\n"
                      "Connection: close\r\n\r\n"
                      "retry: 2000\n";

/// Also bounds the kernel's buffer for a stalled client.
constexpr int send_buffer_bytes = 16384;

/// Whoever takes longer for 16 KB is slow. Others may have more than the buffer
/// waiting for a moment, in a burst.
constexpr std::chrono::milliseconds slow_write{1000};

/// After how many ms the kernel gives up a peer that acknowledges nothing: a
/// machine that vanished sends no FIN.
constexpr unsigned user_timeout_ms = 30000;

} // namespace

sse_client::sse_client(sse_core& core, wire connection,
                       const net::ip::address& from, sse_request request,
                       std::function<bool()> may_go_on)
  : core_(core),
    wire_(std::move(connection)),
    from_(from),
    request_(std::make_unique<sse_request>(std::move(request))),
    may_go_on_(std::move(may_go_on)) {}

void sse_client::start() {
  error_code ignored;
  auto& socket = wire_.socket();
  socket.set_option(net::socket_base::send_buffer_size(send_buffer_bytes),
                    ignored);
  socket.set_option(net::ip::tcp::no_delay(true), ignored);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT,
               &user_timeout_ms, sizeof(user_timeout_ms));
  watch();
  if (core_.is_ready_)
    return enter(head);
  write(std::make_shared<const std::string>(head + std::string{"\n"}));
}

/// Takes the client's place in the ring, and tells it so.
/// @param text what to send before
void sse_client::enter(std::string text) {
  cursor_ = core_.ring_.enter(*request_);
  // With this id, a client that has seen no event yet can return without loss.
  // One that comes back has an id, and keeps it until it has got what it
  // missed.
  if (request_->last_id.empty())
    text += "id: " + core_.ring_.id_of(cursor_) + '\n';
  text += "event: hello\ndata: " + core_.hello(cursor_.filter) + "\n\n";
  request_.reset();
  write(std::make_shared<const std::string>(std::move(text)));
}

void sse_client::pump() {
  if (under_way_)
    return;
  if (request_) {
    if (core_.is_ready_)
      enter({});
    return;
  }
  auto piece = core_.ring_.take(cursor_, core_.flushed_to_,
                                std::exchange(is_slow_, false));
  core_.dropped_ += piece.missed;
  if (piece.text)
    write(std::move(piece.text));
}

bool sse_client::check(clock::time_point now,
                       std::chrono::milliseconds keepalive,
                       std::chrono::milliseconds write_timeout) {
  if (may_go_on_ && !may_go_on_())
    return false;
  if (under_way_)
    return now - last_write_ < write_timeout;
  // The id moves the place of a filtered client that sees no events.
  if (now - last_write_ < keepalive)
    return true;
  std::string text = ": still here\n";
  if (!request_)
    text += "id: " + core_.ring_.id_of(cursor_) + '\n';
  write(std::make_shared<const std::string>(text + '\n'));
  return true;
}

void sse_client::close() {
  wire_.close();
}

void sse_client::write(std::shared_ptr<const std::string> text) {
  under_way_ = std::move(text);
  last_write_ = clock::now();
  net::async_write(wire_, net::buffer(*under_way_),
                   [self = shared_from_this()](error_code failed, size_t) {
                     self->under_way_.reset();
                     self->is_slow_ = clock::now() - self->last_write_
                                      >= slow_write;
                     if (failed)
                       return self->close();
                     self->pump();
                   });
}

void sse_client::watch() {
  wire_.async_read_some(net::buffer(ignored_),
                        [self = shared_from_this()](error_code failed, size_t) {
                          if (!failed)
                            return self->watch();
                          self->close();
                          if (self->core_.clients_.erase(self) > 0)
                            --self->core_.live_;
                        });
}

} // namespace darkroom
