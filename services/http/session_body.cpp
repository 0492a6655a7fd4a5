// The part of http_session that reads a body into memory or a file.
#include "services/http/lane.hpp"
#include "services/http/router.hpp"
#include "services/http/server_core.hpp"
#include "services/http/session.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

#include <string_view>

namespace darkroom {

namespace net = boost::asio;
namespace http = boost::beast::http;

namespace {

/// The size of one read.
constexpr size_t chunk_bytes = 65536;

http_response too_large(uint64_t limit) {
  return error_response(413, "too_large",
                        "the body has more than " + std::to_string(limit)
                          + " bytes",
                        "send less, or raise the limit in [http]");
}

} // namespace

void http_session::read_body() {
  auto announced = header_->content_length();
  if (announced && *announced > body_limit())
    return send(too_large(body_limit()));
  transfer_ = transfer_clock{core_.settings, clock::now()};
  read_at_ = clock::now();
  if (route_->upload.begin)
    return begin_upload();
  if (header_->is_done())
    return run_handler();
  if (is_probe(route_->lane)) { // a body would hold one of few reserved places
    keep_alive_ = false;
    return run_handler();
  }
  continue_body(&http_session::read_chunk);
}

uint64_t http_session::body_limit() const {
  return route_->upload.begin ? core_.settings.max_upload_bytes
                              : core_.settings.max_body_bytes;
}

/// Tells a client that waits for "100 Continue" to send its body.
void http_session::continue_body(step next) {
  auto waits = lower_case(request_.header("expect")) == "100-continue";
  body_.emplace(std::move(*header_));
  if (!waits)
    return (this->*next)();
  static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
  expires_after(core_.settings.header_timeout);
  net::async_write(wire_, net::buffer(text),
                   [self = shared_from_this(), next](error_code failed,
                                                     size_t) {
                     failed ? self->close() : ((*self).*next)();
                   });
}

void http_session::read_chunk() {
  chunk_.resize(chunk_bytes);
  body_->get().body().data = chunk_.data();
  body_->get().body().size = chunk_.size();
  transfer_.waited(clock::now() - read_at_);
  expires_at(transfer_.deadline());
  http::async_read_some(wire_, buffer_, *body_,
                        [self = shared_from_this()](error_code failed, size_t) {
                          self->on_chunk(failed);
                        });
}

void http_session::on_chunk(error_code failed) {
  chunk_.resize(chunk_.size() - body_->get().body().size);
  if (failed && failed != http::error::need_buffer) {
    upload_.remove();
    return answer_failed_read(failed) ? void() : close();
  }
  body_unread_ = !body_->is_done();
  read_at_ = clock::now();
  transfer_.moved(chunk_.size(), read_at_);
  auto before = request_.body.size() + upload_.size();
  if (before + chunk_.size() > body_limit()) {
    upload_.remove();
    return send(too_large(body_limit()));
  }
  if (chunk_.empty() && body_unread_)
    return read_chunk();
  if (route_->upload.begin)
    return offload(http_lane::upload, &http_session::write_chunk,
                   &http_session::on_chunk_written);
  request_.body += chunk_;
  body_unread_ ? read_chunk() : run_handler();
}

void http_session::begin_upload() {
  if (is_lane_full())
    return;
  offload(http_lane::upload, &http_session::open_upload,
          &http_session::on_upload_open);
}

void http_session::open_upload() {
  lane_threads::end_of_request end{core_.threads_of(http_lane::upload)};
  std::string path;
  auto decided = answer([this, &path]() -> http_response {
    auto decision = route_->upload.begin(request_);
    path = std::move(decision.path);
    return decision.refusal.value_or(http_response{});
  });
  refused_ = !decided || path.empty();
  if (refused_)
    return tell(response_.status);
  if (auto opened = upload_.open(path); !opened) {
    refused_ = true;
    set_response(error_response(opened.error()));
  }
}

void http_session::on_upload_open() {
  if (refused_)
    return send_response();
  if (header_->is_done())
    return offload(http_lane::upload, &http_session::end_upload,
                   &http_session::send_response);
  continue_body(&http_session::read_chunk);
}

void http_session::write_chunk() {
  if (auto written = upload_.write(chunk_); !written) {
    refused_ = true;
    set_response(error_response(written.error(), "free some disk space"));
    upload_.remove();
  }
}

void http_session::on_chunk_written() {
  if (refused_)
    return send_response();
  if (body_unread_)
    return read_chunk();
  offload(http_lane::upload, &http_session::end_upload,
          &http_session::send_response);
}

void http_session::end_upload() {
  if (auto kept = upload_.keep(); !kept) {
    set_response(error_response(kept.error(), "free some disk space"));
    return upload_.remove();
  }
  auto done = answer([this] {
    return route_->upload.finish(request_, upload_.path(), upload_.size());
  });
  tell(response_.status);
  done ? upload_.release() : upload_.remove();
}

} // namespace darkroom
