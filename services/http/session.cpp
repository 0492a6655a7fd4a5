#include "services/http/session.hpp"

#include "services/http/checks.hpp"
#include "services/http/server_core.hpp"
#include "services/http/sse_core.hpp"
#include "services/http/sse_query.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/read.hpp>
#include <spdlog/spdlog.h>

#include <limits>

namespace darkroom {

namespace net = boost::asio;
namespace http = boost::beast::http;

namespace {

/// Cookies of other local servers come along with every request to localhost.
constexpr uint32_t max_header_bytes = 32768;

/// A number, as Beast 1.74 takes boost::none for a limit of zero bytes.
constexpr uint64_t no_limit = std::numeric_limits<uint64_t>::max();

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (auto& word : words)
    out += (out.empty() ? "" : ", ") + word;
  return out;
}

http_response too_many_streams() {
  auto out = error_response(503, "too_many_streams",
                            "all event streams are taken",
                            "try again later, or raise [http] "
                            "max_sse_clients");
  out.headers.emplace_back("Retry-After", "5");
  return out;
}

http_response no_route(const route_match& match, const std::string& method,
                       const std::string& path) {
  if (match.malformed)
    return error_response(400, "bad_path", "the path cannot be read",
                          "encode it as %XX; '.' and '..' are not allowed");
  if (match.allow.empty())
    return error_response(404, "not_found", "there is nothing at " + path,
                          "see docs/http.md for what there is");
  auto allow = join(match.allow);
  auto out = error_response(405, "method_not_allowed",
                            method + " is not possible at " + path,
                            "allowed: " + allow);
  out.headers.emplace_back("Allow", allow);
  return out;
}

} // namespace

http_session::http_session(server_core& core, tcp::socket socket)
  : core_(core),
    stream_(std::move(socket)) {
  ++core_.connections;
}

http_session::~http_session() {
  --core_.connections;
  std::lock_guard guard{core_.mutex};
  core_.sessions.erase(this);
}

void http_session::start() {
  {
    std::lock_guard guard{core_.mutex};
    core_.sessions.emplace(this, weak_from_this());
  }
  stream_.expires_after(core_.settings.header_timeout);
  read_header();
}

void http_session::close_when_idle() {
  keep_alive_ = false;
  if (idle_)
    close();
}

void http_session::close() {
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
  stream_.close();
}

void http_session::read_header() {
  header_.emplace();
  header_->header_limit(max_header_bytes);
  header_->body_limit(no_limit); // ours depends on the route
  body_.reset();
  http::async_read_header(stream_, buffer_, *header_,
                          [self = shared_from_this()](error_code failed,
                                                      size_t) {
                            self->on_header(failed);
                          });
}

void http_session::on_header(error_code failed) {
  idle_ = false;
  keep_alive_ = false;
  is_head_ = false;
  if (failed == http::error::header_limit) {
    body_unread_ = true;
    return send(error_response(431, "header_too_large",
                               "the header has more than 32 KB"));
  }
  if (failed && failed != http::error::end_of_stream
      && failed.category()
           == make_error_code(http::error::bad_method).category()) {
    body_unread_ = true;
    return send(error_response(400, "bad_request", failed.message()));
  }
  if (failed)
    return close(); // gone, or silent for too long
  ++core_.requests;
  take_request();
  dispatch();
}

void http_session::take_request() {
  auto& header = header_->get();
  std::string target{header.target()};
  auto mark = target.find('?');
  request_ = {};
  upload_.release();
  refused_ = false;
  request_.method = std::string{header.method_string()};
  is_head_ = request_.method == "HEAD";
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

void http_session::dispatch() {
  if (auto refusal = check_host(request_, core_.settings, core_.loopback))
    return send(std::move(*refusal));
  if (auto refusal = check_origin(request_))
    return send(std::move(*refusal));
  auto match = core_.routes.find(request_.method, request_.path);
  if (!match.route)
    return send(no_route(match, request_.method, request_.path));
  route_ = match.route;
  request_.params = std::move(match.params);
  if (route_->stream)
    return run_stream();
  read_body();
}

void http_session::run_stream() {
  if (is_head_)
    return send({200, "text/event-stream", {}, {}, {}});
  if (auto refusal = refuse_stream(request_))
    return send(std::move(*refusal));
  if (!route_->stream->admit())
    return send(too_many_streams());
  stream_.expires_never();
  route_->stream->accept(stream_.release_socket(), request_);
}

void http_session::run_handler() {
  offload(&http_session::call_handler, &http_session::send_response);
}

void http_session::call_handler() {
  answer([this] { return route_->handler(request_); });
}

void http_session::offload(step job, step then) {
  net::post(core_.pool, [self = shared_from_this(), job, then,
                         guard = net::make_work_guard(core_.io)]() mutable {
    ((*self).*job)();
    auto& io = self->core_.io;
    net::post(io, [self = std::move(self), then] { ((*self).*then)(); });
  });
}

bool http_session::answer(const std::function<http_response()>& handler) {
  std::string why = "an unknown exception";
  try {
    set_response(handler());
    return true;
  } catch (const std::exception& thrown) {
    why = thrown.what();
  } catch (...) {
  }
  ++core_.failed;
  spdlog::error("http_server could not answer {} {}: {}", request_.method,
                request_.path, why);
  set_response(error_response(500, "internal", "the request failed by a bug",
                              "the server's log has the reason"));
  return false;
}

} // namespace darkroom
