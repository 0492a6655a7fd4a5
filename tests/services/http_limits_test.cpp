#define CAF_SUITE http_limits

#include "services/http/sse_hub.hpp"
#include "tests/support/http_fixture.hpp"

#include <deque>
#include <future>
#include <memory>
#include <thread>

using namespace darkroom;
using test::raw_client;
using namespace std::chrono_literals;

namespace {

/// A server with a probe, an event stream, and requests that hang.
struct fixture : test::http_fixture {
  explicit fixture(http_settings settings = test::small_settings())
    : test::http_fixture(settings),
      hub(settings) {
    server.route(
      "GET", "/livez",
      [](const http_request&) { return json_response(200, "alive"); },
      http_lane::instant);
    server.route(
      "GET", "/readyz",
      [](const http_request&) { return json_response(200, "ready"); },
      http_lane::probe);
    server.route("GET", "/api/hang", [this](const http_request&) {
      opened.wait();
      return json_response(200, "done");
    });
    server.route(
      "GET", "/api/jobs",
      [](const http_request&) { return json_response(200, "jobs"); },
      http_lane::redis);
    server.stream("/api/events", hub);
    hub.ready();
    start();
  }

  ~fixture() {
    open();
    server.stop(); // handlers use what goes before the server
  }

  /// Lets the requests that hang go on.
  void open() {
    if (!std::exchange(is_open, true))
      gate.set_value();
  }

  raw_client& connect(const char* from) {
    return *all.emplace_back(
      std::make_unique<raw_client>(server.port(), 0, from));
  }

  /// Opens so many connections, of which each sends these bytes.
  void crowd(int count, const char* from, std::string_view bytes = {}) {
    for (int i = 0; i < count; ++i)
      connect(from).send(bytes);
  }

  int status(const char* from, const std::string& request) {
    raw_client peer{server.port(), 0, from};
    return peer.ask(request).status;
  }

  void wait_for_pending(uint64_t count) {
    while (server.counters().pending < count)
      std::this_thread::yield();
  }

  sse_hub hub;
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  bool is_open = false;
  std::deque<std::unique_ptr<raw_client>> all;
};

http_settings few_connections() {
  auto out = test::small_settings();
  out.max_connections = 20;
  out.max_connections_per_address = 8;
  return out;
}

constexpr auto asks = "GET /api/hang HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr auto half = "GET /api/images/1 HTTP/1.1\r\nX: ";
constexpr auto a = "127.0.0.2", b = "127.0.0.3", c = "127.0.0.4",
               d = "127.0.0.5";

} // namespace

CAF_TEST(probes answer while all threads hang and what waits is bounded) {
  auto settings = test::small_settings();
  settings.threads = 2;
  settings.max_waiting = 3;
  fixture parts{settings};
  parts.crowd(5, a, asks);
  parts.wait_for_pending(5);
  CAF_CHECK_EQUAL(parts.status(b, "GET /livez"), 200);
  CAF_CHECK_EQUAL(parts.status(b, "GET /readyz"), 200);
  raw_client late{parts.server.port()};
  auto refused = late.ask("GET /api/images/1");
  CAF_CHECK_EQUAL(refused.status, 503);
  CAF_CHECK(refused.has("Retry-After: "));
  CAF_CHECK_NOT_EQUAL(refused.body.find("too_many_requests_wait"),
                      std::string::npos);
  // Requests that block hold up no other kind of requests.
  CAF_CHECK_EQUAL(late.ask("GET /api/jobs").body, "jobs");
  CAF_CHECK_EQUAL(late.ask("POST /api/images?name=a.jpg", {}, "x").status, 201);
  CAF_CHECK_EQUAL(parts.server.counters().pending, 5u);
  parts.open();
  for (auto& one : parts.all)
    CAF_CHECK_EQUAL(one->read_response().body, "done");
  CAF_CHECK_EQUAL(late.ask("GET /api/images/1").status, 200);
  CAF_CHECK_EQUAL(parts.server.counters().pending, 0u);
}

CAF_TEST(5000 idle connections of one address hold up nobody) {
  auto settings = test::small_settings();
  fixture parts{settings};
  for (int i = 0; i < 5000; ++i) {
    parts.connect(a);
    if (parts.all.size() > 600) // descriptors; the server closed it long ago
      parts.all.pop_front();
    if (i % 1000 == 999) {
      CAF_CHECK_EQUAL(parts.status(a, "GET /livez"), 200);
      CAF_CHECK_EQUAL(parts.status(b, "GET /api/images/1"), 200);
    }
  }
  CAF_CHECK_LESS(parts.server.counters().connections,
                 settings.max_connections_per_address + 3u);
}

CAF_TEST(headers that trickle hold up nobody) {
  fixture parts{few_connections()};
  for (auto from : {a, b, c, d})
    parts.crowd(30, from, half);
  CAF_CHECK_EQUAL(parts.status(a, "GET /livez"), 200);
  CAF_CHECK_EQUAL(parts.status("127.0.0.9", "GET /readyz"), 200);
  CAF_CHECK_EQUAL(parts.status("127.0.0.9", "GET /api/images/1"), 200);
}

CAF_TEST(where all connections are busy only probes are answered) {
  auto settings = few_connections();
  settings.max_waiting = 100;
  fixture parts{settings};
  for (auto from : {a, b, c})
    parts.crowd(8, from, asks);
  parts.wait_for_pending(20);
  CAF_CHECK_EQUAL(parts.status(d, "GET /livez"), 200);
  CAF_CHECK_EQUAL(parts.status(d, "GET /readyz"), 200);
  CAF_CHECK_EQUAL(parts.status(a, "GET /livez"), 200);
  raw_client late{parts.server.port(), 0, d};
  auto refused = late.ask("GET /api/images/1");
  CAF_CHECK_EQUAL(refused.status, 503);
  CAF_CHECK(refused.body.ends_with("}}")); // whole: as long as it says
  CAF_CHECK(refused.has("Retry-After: "));
  CAF_CHECK_NOT_EQUAL(refused.body.find("too_many_connections"),
                      std::string::npos);
  CAF_CHECK(late.is_closed());
  // Who holds the reserve without a word makes room as well.
  parts.crowd(40, d, half);
  CAF_CHECK_EQUAL(parts.status(d, "GET /livez"), 200);
  // So does who announces a probe's body and does not send it.
  for (auto from : {a, b, c, d})
    for (auto probe : {"GET /livez", "GET /readyz"})
      parts.crowd(8, from,
                  probe
                    + std::string{" HTTP/1.1\r\nHost: localhost\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n9\r\na"});
  CAF_CHECK_EQUAL(parts.status(d, "GET /livez"), 200);
  CAF_CHECK_EQUAL(parts.status("127.0.0.9", "GET /readyz"), 200);
  CAF_CHECK_EQUAL(parts.server.counters().pending, 20u);
  parts.open();
}

CAF_TEST(one address has its share and the others have the rest) {
  auto settings = few_connections();
  settings.max_waiting = 100;
  fixture parts{settings};
  parts.crowd(8, a, asks);
  parts.wait_for_pending(8);
  CAF_CHECK_EQUAL(parts.status(a, "GET /api/images/1"), 503);
  parts.crowd(1, b, asks); // waits, as it may
  parts.wait_for_pending(9);
  CAF_CHECK_EQUAL(parts.server.counters().refused, 1u);
}

CAF_TEST(a trusted proxy may have all connections) {
  auto settings = few_connections();
  settings.trusted_proxies = {a};
  settings.max_waiting = 100;
  fixture parts{settings};
  parts.crowd(15, a, asks);
  parts.wait_for_pending(15);
  settings.trusted_proxies = {"proxy.example"};
  http_server wrong{settings};
  auto started = wrong.start();
  CAF_REQUIRE(!started);
  CAF_CHECK(started.error().code == ec::bad_config);
}

CAF_TEST(the connection that is idle for longest makes room) {
  auto settings = few_connections();
  settings.max_connections_per_address = 3;
  fixture parts{settings};
  parts.crowd(3, a);
  for (auto& one : parts.all)
    CAF_CHECK_EQUAL(one->ask("GET /api/images/1").status, 200);
  CAF_CHECK_EQUAL(parts.all[0]->ask("GET /api/images/1").status, 200);
  CAF_CHECK_EQUAL(parts.connect(a).ask("GET /api/images/1").status, 200);
  CAF_CHECK(parts.all[1]->is_closed());
  CAF_CHECK_EQUAL(parts.all[0]->ask("GET /api/images/1").status, 200);
  CAF_CHECK_EQUAL(parts.all[2]->ask("GET /api/images/1").status, 200);
}

CAF_TEST(one address takes its share of the event streams) {
  auto settings = few_connections();
  settings.max_sse_clients = 100;
  fixture parts{settings};
  auto listen = [&](const char* from) {
    auto& peer = parts.connect(from);
    peer.send("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return peer.read_to("\r\n\r\n").starts_with("HTTP/1.1 200");
  };
  for (int i = 0; i < 8; ++i)
    CAF_CHECK(listen(a));
  CAF_CHECK(!listen(a));
  CAF_CHECK(listen(b));
  CAF_CHECK_EQUAL(parts.hub.counters().refused, 1u);
}

CAF_TEST(a body that trickles is given up though each byte comes in time) {
  auto settings = test::small_settings();
  settings.body_timeout = 200ms;
  settings.max_body_time = 100ms;
  fixture parts{settings};
  auto& peer = parts.connect(a);
  peer.send("POST /api/echo HTTP/1.1\r\nHost: localhost\r\n"
            "Content-Length: 1000\r\n\r\n");
  auto is_cut = false;
  for (int i = 0; i < 900 && !is_cut; ++i) {
    std::this_thread::sleep_for(10ms);
    is_cut = !peer.send("x");
  }
  CAF_CHECK(is_cut);
  CAF_CHECK_EQUAL(parts.status(a, "GET /livez"), 200);
}
