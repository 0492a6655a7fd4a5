#define CAF_SUITE http_server

#include "services/http/http_server.hpp"
#include "tests/support/http_fixture.hpp"

#include <atomic>
#include <thread>
#include <vector>

using namespace darkroom;
using test::raw_client;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(http_server_tests, test::http_fixture)

CAF_TEST(routes match by method and path and decode their parts) {
  server.route("GET", "/api/images/newest", [](const http_request&) {
    return json_response(200, "literal");
  });
  start();
  auto peer = client();
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/a%20b?q=x+y%26").body, "a b|x y&");
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/newest").body, "literal");
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/a%2Fb%2f..").body, "a/b/..|");
  CAF_CHECK_EQUAL(peer.ask("GET /api/images%2Fnewest").status, 404);
  CAF_CHECK_EQUAL(peer.ask("GET /api/nothing").status, 404);
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/").status, 404);
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/%zz").status, 400);
  CAF_CHECK_EQUAL(peer.ask("GET /files/../secret").status, 400);
  CAF_CHECK_EQUAL(peer.ask("GET /files/%2e%2e/secret").status, 400);
  CAF_CHECK_EQUAL(peer.ask("GET /files/a%2fb").status, 400);
  auto refused = peer.ask("DELETE /api/images/7");
  CAF_CHECK_EQUAL(refused.status, 405);
  CAF_CHECK(refused.has("\r\nAllow: GET\r\n"));
  CAF_CHECK_NOT_EQUAL(refused.body.find(R"("code":"method_not_allowed")"),
                      std::string::npos);
}

CAF_TEST(a HEAD is a GET without the body) {
  start();
  auto peer = client();
  auto head = peer.ask("HEAD /api/images/7");
  CAF_CHECK_EQUAL(head.status, 200);
  CAF_CHECK(head.has("Content-Length: 2\r\n"));
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/7").body, "7|");
}

CAF_TEST(a handler that throws gives a 500 and the server lives) {
  start();
  auto peer = client();
  auto broken = peer.ask("GET /api/throw");
  CAF_CHECK_EQUAL(broken.status, 500);
  CAF_CHECK_EQUAL(broken.body.find("the handler broke"), std::string::npos);
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/7").status, 200);
  CAF_CHECK_EQUAL(server.counters().failed, 1u);
}

CAF_TEST(requests that cannot be read are refused) {
  start();
  auto peer = client();
  peer.send("NONSENSE\r\n\r\n");
  CAF_CHECK_EQUAL(peer.read_response().status, 400);
  CAF_CHECK(peer.is_closed());
  auto large = client();
  auto refused = large.ask("GET /api/images/7",
                           "Cookie: " + std::string(40000, 'x') + "\r\n");
  CAF_CHECK_EQUAL(refused.status, 431);
}

CAF_TEST(a foreign Host or a foreign page is refused) {
  start();
  auto peer = client();
  peer.send("GET /api/images/7 HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  CAF_CHECK_EQUAL(peer.read_response().status, 421);
  peer.send("GET /api/images/7 HTTP/1.1\r\nHost: [::1]:3000\r\n\r\n");
  CAF_CHECK_EQUAL(peer.read_response().status, 200);
  auto foreign = peer.ask("POST /api/echo", "Origin: http://evil.example\r\n");
  CAF_CHECK_EQUAL(foreign.status, 403);
  auto own = peer.ask("POST /api/echo", "Origin: http://localhost\r\n");
  CAF_CHECK_EQUAL(own.status, 200);
  CAF_CHECK(own.has("X-Content-Type-Options: nosniff"));
  CAF_CHECK(!own.has("Access-Control"));
}

CAF_TEST(an address in use is a clear error) {
  start();
  auto settings = test::small_settings();
  settings.port = server.port();
  http_server second{settings};
  auto started = second.start();
  CAF_REQUIRE(!started);
  CAF_CHECK(started.error().code == ec::bad_config);
  CAF_CHECK_NOT_EQUAL(started.error().context.find("another program"),
                      std::string::npos);
}

CAF_TEST(stop answers what runs and does not wait for idle clients) {
  std::atomic<bool> entered{false};
  server.route("GET", "/api/slow", [&entered](const http_request&) {
    entered = true;
    std::this_thread::sleep_for(200ms);
    return json_response(200, "done");
  });
  start();
  auto idle = client();
  CAF_CHECK_EQUAL(idle.ask("GET /api/images/7").status, 200);
  auto half = client();
  half.send(
    "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n");
  auto busy = client();
  busy.send("GET /api/slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  while (!entered)
    std::this_thread::sleep_for(1ms);
  auto begin = std::chrono::steady_clock::now();
  server.stop();
  CAF_CHECK(std::chrono::steady_clock::now() - begin < 4s);
  CAF_CHECK_EQUAL(busy.read_response().body, "done");
  CAF_CHECK(idle.is_closed());
  CAF_CHECK(half.is_closed());
  server.stop();
}

CAF_TEST(stop under load does not hang) {
  start();
  folder.write("a.webp", std::string(500000, 'x'));
  std::atomic<bool> over{false};
  std::vector<std::thread> load;
  for (int i = 0; i < 4; ++i)
    load.emplace_back([this, &over] {
      while (!over) {
        auto peer = client();
        if (!peer.connected() || peer.ask("GET /files/a.webp").status == 0)
          std::this_thread::sleep_for(1ms);
      }
    });
  std::this_thread::sleep_for(200ms);
  auto begin = std::chrono::steady_clock::now();
  server.stop();
  CAF_CHECK(std::chrono::steady_clock::now() - begin < 4s);
  over = true;
  for (auto& one : load)
    one.join();
  CAF_CHECK_GREATER(server.counters().requests, 4u);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(a connection that says nothing is closed) {
  auto settings = test::small_settings();
  settings.header_timeout = 50ms;
  settings.idle_timeout = 50ms;
  settings.max_connections = 2;
  test::http_fixture parts{settings};
  parts.start();
  raw_client silent{parts.server.port()};
  raw_client half{parts.server.port()};
  half.send("GET / HT");
  CAF_CHECK(silent.is_closed());
  CAF_CHECK(half.is_closed());
  raw_client idle{parts.server.port()};
  CAF_CHECK_EQUAL(idle.ask("GET /api/images/7").status, 200);
  CAF_CHECK(idle.is_closed());
}

CAF_TEST(one connection more than allowed is refused) {
  auto settings = test::small_settings();
  settings.max_connections = 2;
  test::http_fixture parts{settings};
  parts.start();
  raw_client first{parts.server.port()};
  raw_client second{parts.server.port()};
  CAF_CHECK_EQUAL(first.ask("GET /api/images/1").status, 200);
  CAF_CHECK_EQUAL(second.ask("GET /api/images/2").status, 200);
  raw_client third{parts.server.port()};
  auto refused = third.read_response();
  CAF_CHECK_EQUAL(refused.status, 503);
  CAF_CHECK(refused.body.ends_with("}}\n"));
  CAF_CHECK(third.is_closed());
  CAF_CHECK_EQUAL(parts.server.counters().refused, 1u);
}
