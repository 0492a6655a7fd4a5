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

CAF_TEST(a trailer of more than 64 KB is refused and ends nothing else) {
  start();
  auto other = client();
  CAF_CHECK_EQUAL(other.ask("GET /api/images/7").status, 200);
  for (auto method :
       {"GET /api/images/7", "POST /api/echo", "POST /api/images?name=a"}) {
    auto peer = client();
    peer.send(std::string{method}
              + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
                "chunked\r\n\r\n0\r\nX: "
              + std::string(66000, 'x') + "\r\n\r\n");
    CAF_CHECK_EQUAL(peer.read_response().status, 431);
    CAF_CHECK(peer.is_closed());
  }
  auto extended = client(); // a chunk's extensions have no end either
  extended.send("POST /api/echo HTTP/1.1\r\nHost: localhost\r\n"
                "Transfer-Encoding: chunked\r\n\r\n1;x="
                + std::string(66000, 'x'));
  CAF_CHECK_EQUAL(extended.read_response().status, 431);
  auto broken = client();
  broken.send("POST /api/echo HTTP/1.1\r\nHost: localhost\r\n"
              "Transfer-Encoding: chunked\r\n\r\nzz\r\n");
  CAF_CHECK_EQUAL(broken.read_response().status, 400);
  CAF_CHECK_EQUAL(other.ask("GET /api/images/7").status, 200);
  CAF_CHECK_EQUAL(server.counters().failed, 0u);
  CAF_CHECK(folder.is_empty());
}

CAF_TEST(a trailer of usual size is read over) {
  start();
  auto peer = client();
  peer.send("POST /api/echo HTTP/1.1\r\nHost: localhost\r\n"
            "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n"
            "Host: evil.example\r\nX: "
            + std::string(8000, 'x') + "\r\n\r\n");
  CAF_CHECK_EQUAL(peer.read_response().body, "ab");
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/7").status, 200);
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

CAF_TEST(what two servers could read in two ways is refused) {
  start();
  auto answer = [this](const std::string& lines, const std::string& version) {
    auto peer = client();
    peer.send("POST /api/echo HTTP/" + version + "\r\n" + lines
              + "\r\n0\r\n\r\nGET /api/images/smuggled HTTP/1.1\r\n\r\n");
    auto out = peer.read_response();
    CAF_CHECK(peer.is_closed());
    return out.status;
  };
  const std::string host = "Host: localhost\r\n",
                    length = "Content-Length: 5\r\n",
                    coding = "Transfer-Encoding: chunked\r\n";
  for (auto bad : {"Transfer-Encoding: xchunked\r\n",
                   "Transfer-Encoding: gzip, chunked\r\n",
                   "Transfer-Encoding: chunked, chunked\r\n",
                   "Transfer-Encoding: identity\r\n"})
    CAF_CHECK_EQUAL(answer(host + bad, "1.1"), 501);
  for (auto& bad :
       {host + host, std::string{"Host: [::1]evil\r\n"},
        std::string{"Host: localhost:x@evil\r\n"}, std::string{"Host:\r\n"},
        std::string{"X: y\r\n"}, host + length + coding, host + coding + length,
        host + length + length, host + length + "Content-Length: 6\r\n"})
    CAF_CHECK_EQUAL(answer(bad, "1.1"), 400);
  CAF_CHECK_EQUAL(answer(host + coding, "1.0"), 400);
  CAF_CHECK_EQUAL(server.counters().failed, 0u);
}

CAF_TEST(a write for another site is refused although it has no Origin) {
  start();
  auto peer = client();
  for (auto site : {"cross-site", "same-site"})
    CAF_CHECK_EQUAL(peer
                      .ask("POST /api/echo",
                           std::string{"Sec-Fetch-Site: "} + site + "\r\n")
                      .status,
                    403);
  for (auto site : {"same-origin", "none"})
    CAF_CHECK_EQUAL(peer
                      .ask("POST /api/echo",
                           std::string{"Sec-Fetch-Site: "} + site + "\r\n")
                      .status,
                    200);
  CAF_CHECK_EQUAL(
    peer.ask("GET /api/images/7", "Sec-Fetch-Site: cross-site\r\n").status,
    200);
}

CAF_TEST(a list that has not changed is not sent again) {
  server.route("GET", "/api/list", [](const http_request& request) {
    return json_response(200, std::string(2000, request.arg("q", "a")[0]));
  });
  start();
  auto peer = client();
  auto first = peer.ask("GET /api/list");
  CAF_CHECK_EQUAL(first.body.size(), 2000u);
  CAF_CHECK(first.has("Cache-Control: no-cache\r\n"));
  CAF_CHECK(first.has("Cross-Origin-Resource-Policy: same-origin\r\n"));
  auto at = first.head.find("ETag: ");
  CAF_REQUIRE(at != std::string::npos);
  auto etag = first.head.substr(at + 6, first.head.find('\r', at) - at - 6);
  auto held = "If-None-Match: " + etag + "\r\n";
  auto same = peer.ask("GET /api/list", held);
  CAF_CHECK_EQUAL(same.status, 304);
  CAF_CHECK(same.has("ETag: " + etag));
  auto packed = "Accept-Encoding: gzip\r\n";
  CAF_CHECK_EQUAL(peer.ask("GET /api/list", held + packed).status, 304);
  CAF_CHECK_EQUAL(peer.ask("GET /api/list?q=b", held).status, 200);
  auto gzipped = peer.ask("GET /api/list", packed);
  CAF_CHECK(gzipped.has("Content-Encoding: gzip\r\n"));
  CAF_CHECK(gzipped.has("Vary: Accept-Encoding\r\n"));
  CAF_CHECK(gzipped.body.starts_with("\x1f\x8b"));
  CAF_CHECK_LESS(gzipped.body.size(), 100u);
  auto head = peer.ask("HEAD /api/list", packed);
  CAF_CHECK(head.has("Content-Length: " + std::to_string(gzipped.body.size())
                     + "\r\n"));
  auto refused = peer.ask("GET /api/nothing");
  CAF_CHECK(refused.has("Cache-Control: no-store\r\n"));
  CAF_CHECK(!refused.has("ETag"));
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
