#include "services/http/http_server.hpp"

#include "services/http/admission.hpp"
#include "services/http/listen.hpp"
#include "services/http/server_core.hpp"
#include "services/http/session.hpp"
#include "services/http/sse_core.hpp"
#include "services/http/tls_watch.hpp"
#include "services/process/guarded_thread.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <future>

namespace darkroom {

namespace {

namespace net = boost::asio;
using boost::system::error_code;
using tcp = net::ip::tcp;

/// How long running requests may continue when the server stops.
constexpr std::chrono::seconds stop_grace{2};

/// How long the I/O thread may then take to close all connections.
constexpr std::chrono::milliseconds cut_off_grace{500};

/// Pause after a failed accept: descriptors may be short only for a moment.
constexpr std::chrono::milliseconds accept_pause{100};

} // namespace

struct http_server::parts {
  explicit parts(const http_settings& settings)
    : core(settings),
      acceptor(core.io),
      pause(core.io),
      watch(core) {}

  status bind();
  void accept();
  void take(tcp::socket socket);
  void run();
  void shut();
  void cut_off();

  server_core core;
  std::vector<std::shared_ptr<sse_core>> streams;
  tcp::acceptor acceptor;
  net::steady_timer pause;
  tls_watch watch;
  uint16_t port = 0;
  std::thread io_thread;
  std::promise<void> io_end;
  std::future<void> io_done;
};

status http_server::parts::bind() {
  auto at = listen(acceptor, core.settings);
  if (!at)
    return std::move(at.error());
  core.hosts = make_host_rules(core.settings, at->address().is_loopback());
  port = at->port();
  return ok;
}

void http_server::parts::accept() {
  auto taken = [this](error_code failed, tcp::socket socket) {
    if (failed == net::error::operation_aborted || core.stopping)
      return;
    if (!failed) {
      net::post(core.io, [this, socket = std::move(socket)]() mutable {
        take(std::move(socket));
      });
      return accept();
    }
    if (failed == net::error::no_descriptors && shed(core))
      return accept();
    spdlog::warn("http_server cannot accept a connection: {}",
                 failed.message());
    pause.expires_after(accept_pause);
    pause.async_wait(guarded("http_server's acceptor", [this](error_code stop) {
      if (!stop)
        accept();
    }));
  };
  acceptor.async_accept(guarded("http_server's acceptor", std::move(taken)));
}

void http_server::parts::take(tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  auto from = plain_address(socket.remote_endpoint(ignored).address());
  auto admitted = core.stopping ? admission::refused : admit(core, from);
  if (admitted != admission::refused)
    return std::make_shared<http_session>(core, std::move(socket), from,
                                          admitted == admission::reserve)
      ->start();
  ++core.refused;
  if (core.tls)
    return; // nobody reads an answer before the handshake
  socket.non_blocking(true, ignored);
  socket.write_some(net::buffer(core.full_text), ignored);
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

/// If a step of a connection throws, the connection closes because nobody holds
/// it any more, and the others continue. Handlers that must not be lost are
/// guarded instead, and end the process.
void http_server::parts::run() {
  for (;;) {
    try {
      core.io.run();
      return io_end.set_value();
    } catch (...) {
      ++core.failed;
      spdlog::error("http_server closed a connection after an exception: {}",
                    current_exception_text());
    }
  }
}

void http_server::parts::shut() {
  error_code ignored;
  acceptor.close(ignored);
  pause.cancel();
  watch.end();
  for (auto& stream : streams)
    stream->detach();
  for (auto& session : core.open_sessions())
    session->close_when_idle();
}

void http_server::parts::cut_off() {
  for (auto& session : core.open_sessions())
    session->close();
}

http_server::http_server(const http_settings& settings)
  : parts_(std::make_unique<parts>(settings)) {}

http_server::~http_server() {
  stop();
}

void http_server::route(std::string_view method, std::string_view pattern,
                        http_handler handler, http_lane lane) {
  http_route added;
  added.method = method;
  added.pattern = pattern;
  added.lane = lane;
  added.handler = std::move(handler);
  parts_->core.routes.add(pattern, std::move(added));
}

void http_server::upload(std::string_view pattern, upload_route handlers) {
  http_route added;
  added.method = "POST";
  added.pattern = pattern;
  added.lane = http_lane::upload;
  added.upload = std::move(handlers);
  parts_->core.routes.add(pattern, std::move(added));
}

void http_server::stream(std::string_view pattern, const sse_hub& hub) {
  http_route added;
  added.method = "GET";
  added.pattern = pattern;
  added.stream = hub.core();
  parts_->streams.push_back(hub.core());
  parts_->core.routes.add(pattern, std::move(added));
}

void http_server::watch(http_guard guard, http_observer observer) {
  parts_->core.guard = std::move(guard);
  parts_->core.observer = std::move(observer);
}

status http_server::start() {
  if (auto prepared = parts_->core.prepare(); !prepared)
    return prepared;
  if (auto bound = parts_->bind(); !bound)
    return bound;
  for (auto& stream : parts_->streams)
    stream->attach(parts_->core.io);
  parts_->accept();
  parts_->watch.begin();
  parts_->io_done = parts_->io_end.get_future();
  parts_->io_thread = guarded_thread("http_server's I/O thread",
                                     [this] { parts_->run(); });
  return ok;
}

void http_server::serve_hosts(std::vector<std::string> hosts) {
  auto& core = parts_->core;
  auto settings = core.settings;
  settings.hosts = std::move(hosts);
  error_code failed;
  auto own = parts_->acceptor.local_endpoint(failed).address();
  // Sessions read the rules on the I/O thread.
  net::post(core.io,
            [&core, rules = make_host_rules(settings, own.is_loopback())] {
              core.hosts = rules;
            });
}

uint16_t http_server::port() const {
  return parts_->port;
}

void http_server::stop() {
  if (!parts_->io_thread.joinable())
    return;
  auto& core = parts_->core;
  core.stopping = true;
  net::post(core.io, [this] { parts_->shut(); });
  // The I/O thread ends by itself when it has no more work.
  auto& done = parts_->io_done;
  if (done.wait_for(stop_grace) != std::future_status::ready)
    net::post(core.io, [this] { parts_->cut_off(); });
  if (done.wait_for(cut_off_grace) != std::future_status::ready)
    core.io.stop(); // a handler is still busy; its response is lost
  parts_->io_thread.join();
  for (auto& lane : core.lanes)
    if (lane)
      lane->pool.stop();
  for (auto& lane : core.lanes)
    if (lane)
      lane->pool.join();
}

http_counters http_server::counters() const {
  auto& core = parts_->core;
  http_counters out{core.connections, core.requests, core.refused, core.failed};
  for (auto& lane : core.lanes)
    out.pending += lane ? lane->pending.load() : 0;
  return out;
}

int64_t http_server::certificate_end() const {
  return parts_->core.tls ? parts_->core.tls->until() : 0;
}

} // namespace darkroom
