// The part of http_session that decides who answers a request.
#include "config/words.hpp"
#include "services/http/checks.hpp"
#include "services/http/response_text.hpp"
#include "services/http/server_core.hpp"
#include "services/http/session.hpp"
#include "services/http/sse_core.hpp"
#include "services/http/sse_query.hpp"
#include "services/process/guarded_thread.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

namespace darkroom {

namespace net = boost::asio;

namespace {

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (auto& word : words)
    out += (out.empty() ? "" : ", ") + word;
  return out;
}

http_response no_route(const route_match& match, const std::string& method,
                       const std::string& path) {
  if (match.malformed)
    return error_response(400, "bad_path", "the path cannot be read",
                          "encode it with %XX; '.' and '..' are not allowed");
  if (match.allow.empty())
    return error_response(404, "not_found", "there is nothing at " + path,
                          "docs/http.md lists all routes");
  auto allow = join(match.allow);
  auto out = error_response(405, "method_not_allowed",
                            method + " is not possible at " + path,
                            "allowed: " + allow);
  out.headers.emplace_back("Allow", allow);
  return out;
}

} // namespace

void http_session::dispatch() {
  if (core_.tls && !wire_.is_secure())
    return refuse_plain();
  auto version = header_->get().version();
  if (auto refusal = check_header(header_->get(), version)) {
    keep_alive_ = false; // the end of its body is unknown
    body_unread_ = true;
    return send(std::move(*refusal));
  }
  auto match = core_.routes.find(request_.method, request_.path);
  auto probes = match.route && is_probe(match.route->lane);
  if (is_reserve_) {
    keep_alive_ = false;
    if (!probes) {
      ++core_.refused;
      return send(core_.full);
    }
  }
  name_client();
  if (!probes)
    if (auto refusal = check_host(request_, core_.hosts, local_host()))
      return send(std::move(*refusal));
  if (auto refusal = check_origin(request_))
    return send(std::move(*refusal));
  if (!match.route)
    return send(no_route(match, request_.method, request_.path));
  route_ = match.route;
  request_.params = std::move(match.params);
  request_.route = route_->pattern;
  if (route_->stream) // the guard takes a scoped token out of the query
    may_go_on_ = renewed_permit();
  if (core_.guard)
    if (auto refusal = core_.guard(request_)) {
      tell(refusal->status);
      return send(std::move(*refusal));
    }
  if (route_->stream)
    return run_stream();
  read_body();
}

/// Answers who speaks plain HTTP to a server of TLS. A redirect would hide that
/// the first request, with its token, was sent for everybody to read.
void http_session::refuse_plain() {
  keep_alive_ = false;
  body_unread_ = true;
  send(error_response(400, "needs_https", "this port speaks https",
                      "use a URL that begins with https://"));
}

/// Whom the request is from: of a trusted proxy's list of addresses, the last
/// one that is not a trusted proxy itself, as any other may be made up.
void http_session::name_client() {
  request_.from = from_.to_string();
  request_.is_secure = wire_.is_secure();
  if (core_.trusted.count(from_) == 0)
    return;
  if (auto scheme = request_.header("x-forwarded-proto"); !scheme.empty())
    request_.is_secure = lower_case(scheme) == "https";
  auto list = split_list(request_.header("x-forwarded-for"), ',');
  for (auto entry = list.rbegin(); entry != list.rend(); ++entry) {
    error_code failed;
    auto address = net::ip::make_address(trimmed(*entry), failed);
    if (failed)
      return;
    request_.from = plain_address(address).to_string();
    if (core_.trusted.count(plain_address(address)) == 0)
      return;
  }
}

void http_session::tell(unsigned status) {
  if (core_.observer)
    core_.observer(request_, status);
}

/// The address that the client connected to, in the form of a Host.
std::string http_session::local_host() {
  error_code failed;
  auto to = plain_address(wire_.socket().local_endpoint(failed).address());
  if (failed)
    return {};
  return to.is_v6() ? '[' + to.to_string() + ']' : to.to_string();
}

void http_session::run_stream() {
  if (is_head_)
    return send({200, "text/event-stream", {}, {}, {}});
  if (auto refusal = refuse_stream(request_))
    return send(std::move(*refusal));
  if (!route_->stream->admit(key_, core_.is_limited(from_)))
    return send(busy_response("too_many_streams", "all event streams are taken",
                              "try again later, or raise [http] "
                              "max_sse_clients or "
                              "max_connections_per_address"));
  timer_.cancel();
  route_->stream->accept(std::move(wire_), key_, request_,
                         std::move(may_go_on_));
}

/// Asks the guard again whether the credentials of the stream's request are
/// valid: tokens expire and are revoked. Empty if it came without any.
std::function<bool()> http_session::renewed_permit() const {
  http_request seen;
  for (const auto* name : {"authorization", "cookie"})
    if (auto text = request_.header(name); !text.empty())
      seen.headers[name] = std::move(text);
  if (auto token = request_.arg("token"); !token.empty())
    seen.query["token"] = std::move(token);
  if (!core_.guard || (seen.headers.empty() && seen.query.empty()))
    return {};
  seen.method = request_.method;
  seen.path = request_.path;
  seen.route = request_.route;
  seen.from = request_.from;
  return [guard = core_.guard, seen] {
    auto copy = seen;
    auto refusal = guard(copy);
    // Guesses of others at the same address take nothing from who is known.
    return !refusal || refusal->status == 429;
  };
}

void http_session::run_handler() {
  if (route_->lane == http_lane::instant) {
    call_handler();
    return send_response();
  }
  if (is_lane_full())
    return;
  offload(route_->lane, &http_session::call_on_lane,
          &http_session::send_response);
}

/// Refuses the request if too many are waiting, else counts it.
bool http_session::is_lane_full() {
  auto& lane = core_.threads_of(route_->lane);
  if (route_->lane != http_lane::probe && lane.is_full()) {
    ++core_.refused;
    send(busy_response("too_many_requests_wait",
                       "too many requests wait for an answer already",
                       "try again later, or raise [http] max_waiting"));
    return true;
  }
  ++lane.pending;
  return false;
}

void http_session::call_handler() {
  answer([this] { return route_->handler(request_); });
  tell(response_.status);
}

void http_session::call_on_lane() {
  lane_threads::end_of_request end{core_.threads_of(route_->lane)};
  call_handler();
}

void http_session::offload(http_lane where, step job, step then) {
  net::post(core_.threads_of(where).pool,
            [self = shared_from_this(), job, then,
             guard = net::make_work_guard(core_.io)]() mutable {
              try {
                ((*self).*job)();
              } catch (...) {
                spdlog::error("http_server closes a connection: {}",
                              current_exception_text());
                ++self->core_.failed;
                then = &http_session::close;
              }
              auto& io = self->core_.io;
              net::post(io,
                        [self = std::move(self), then] { ((*self).*then)(); });
            });
}

bool http_session::answer(const std::function<http_response()>& handler) {
  try {
    set_response(handler());
    return true;
  } catch (...) {
    spdlog::error("http_server cannot answer {} {}: {}", request_.method,
                  request_.path, current_exception_text());
  }
  ++core_.failed;
  set_response(error_response(500, "internal",
                              "the request failed because of a bug",
                              "the server's log has the reason"));
  return false;
}

} // namespace darkroom
