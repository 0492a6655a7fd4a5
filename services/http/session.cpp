#include "services/http/session.hpp"

#include "services/http/server_core.hpp"

#include <boost/beast/http/read.hpp>

#include <limits>
#include <utility>

namespace darkroom {

namespace http = boost::beast::http;

namespace {

/// Browsers send the cookies of all local servers to localhost.
constexpr uint32_t longest_header_bytes = 32768;

/// Bounds the trailer and the extensions of a chunked body, which Beast does
/// not. Must be above the limit for headers, so that those get their own error.
/// Beast throws if a line of a trailer exceeds 64 KB.
constexpr size_t max_buffer_bytes = longest_header_bytes + 8192;

/// The size of a request's first read; most requests are smaller.
constexpr size_t first_read_bytes = 2048;

/// Beast 1.74 takes boost::none for a limit of zero bytes, so use a number.
constexpr uint64_t no_limit = std::numeric_limits<uint64_t>::max();

} // namespace

http_session::http_session(server_core& core, tcp::socket socket,
                           const address& from, bool is_reserve)
  : core_(core),
    from_(from),
    key_(place_key(from)),
    is_reserve_(is_reserve),
    wire_(std::move(socket)),
    timer_(core.io),
    buffer_(max_buffer_bytes) {
  ++core_.connections;
  if (is_reserve_)
    return;
  std::lock_guard guard{core_.mutex};
  ++core_.places[key_];
}

http_session::~http_session() {
  leave_place();
}

void http_session::leave_place() {
  if (!std::exchange(has_place_, false))
    return;
  --core_.connections;
  std::lock_guard guard{core_.mutex};
  core_.sessions.erase(this);
  auto place = core_.places.find(key_);
  if (!is_reserve_ && --place->second == 0)
    core_.places.erase(place);
}

void http_session::start() {
  {
    std::lock_guard guard{core_.mutex};
    core_.sessions.emplace(this, weak_from_this());
  }
  auto limit = core_.settings.header_timeout;
  if (!core_.tls)
    return await_request(limit);
  enter(phase_type::idle);
  expires_after(limit);
  wire_.async_secure(*core_.tls, [self = shared_from_this(),
                                  limit](error_code failed, size_t) {
    failed || !self->has_place_ ? self->close() : self->await_request(limit);
  });
}

void http_session::close_when_idle() {
  keep_alive_ = false;
  if (phase_ != phase_type::busy)
    close();
}

void http_session::close() {
  timer_.cancel();
  wire_.close();
  leave_place();
}

void http_session::turn_away() {
  if (!was_answered_) {
    wire_.write_now(core_.full_text);
    ++core_.refused;
  }
  close();
}

bool http_session::has_more() {
  return wire_.has_more();
}

void http_session::enter(phase_type phase) {
  phase_ = phase;
  since_ = clock::now();
}

/// The time for the first request's header starts with the connection; for
/// later requests it starts with their first byte.
void http_session::await_request(std::chrono::milliseconds first_byte) {
  enter(phase_type::idle);
  if (buffer_.size() > 0) {
    expires_after(core_.settings.header_timeout);
    return read_header();
  }
  expires_after(first_byte);
  wire_.async_read_some(
    buffer_.prepare(first_read_bytes),
    [self = shared_from_this()](error_code failed, size_t bytes) {
      if (failed || !self->has_place_)
        return self->close();
      self->buffer_.commit(bytes);
      if (self->was_answered_)
        self->expires_after(self->core_.settings.header_timeout);
      self->read_header();
    });
}

void http_session::read_header() {
  enter(phase_type::header);
  header_.emplace();
  header_->header_limit(longest_header_bytes);
  header_->body_limit(no_limit); // the limit depends on the route
  body_.reset();
  http::async_read_header(wire_, buffer_, *header_,
                          [self = shared_from_this()](error_code failed,
                                                      size_t) {
                            self->on_header(failed);
                          });
}

void http_session::on_header(error_code failed) {
  if (!has_place_)
    return; // turned away just before its header came
  enter(phase_type::busy);
  keep_alive_ = false;
  is_head_ = false;
  request_ = {};
  if (failed)
    return answer_failed_read(failed) ? void() : close();
  ++core_.requests;
  take_request();
  dispatch();
}

/// Answers a request that cannot be read, unless the client merely fell silent.
/// @returns false if there is nobody to answer
bool http_session::answer_failed_read(error_code failed) {
  if (failed == http::error::end_of_stream
      || failed == http::error::partial_message
      || failed.category()
           != make_error_code(http::error::bad_method).category())
    return false;
  body_unread_ = true;
  if (failed == http::error::header_limit
      || failed == http::error::buffer_overflow)
    send(error_response(431, "header_too_large",
                        "the header, or the trailer, has more than 32 KB"));
  else
    send(error_response(400, "bad_request", failed.message()));
  return true;
}

void http_session::take_request() {
  auto& header = header_->get();
  std::string target{header.target()};
  auto mark = target.find('?');
  upload_.release();
  refused_ = false;
  request_.method = std::string{header.method_string()};
  is_head_ = request_.method == "HEAD";
  request_.is_head = is_head_;
  if (is_head_)
    request_.method = "GET";
  request_.path = target.substr(0, mark);
  if (mark != target.npos)
    request_.query = parse_query(std::string_view{target}.substr(mark + 1));
  for (auto& field : header)
    request_.headers.emplace(
      lower_case({field.name_string().data(), field.name_string().size()}),
      std::string{field.value()});
  keep_alive_ = header_->keep_alive() && !core_.stopping;
  body_unread_ = !header_->is_done();
}

} // namespace darkroom
