#define CAF_SUITE http_server

#include "services/http/http_server.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/test.hpp"

#include <atomic>
#include <thread>

using namespace darkroom;
using test::raw_client;
using namespace std::chrono_literals;

namespace {

http_settings small_settings() {
  http_settings out;
  out.port = 0;
  out.max_body_bytes = 1000;
  out.max_upload_bytes = 200000;
  return out;
}

struct fixture {
  explicit fixture(http_settings settings = small_settings())
    : server(settings) {}

  /// Routes that every test may use, then start.
  void start() {
    server.route("GET", "/api/images/{id}", [](const http_request& request) {
      return json_response(200, request.param("id") + '|' + request.arg("q"));
    });
    server.route("POST", "/api/echo", [](const http_request& request) {
      return json_response(200, request.body);
    });
    server.route("GET", "/api/throw", [](const http_request&) -> http_response {
      throw std::runtime_error("the handler broke");
    });
    server.route(
      "GET", "/files/{path...}", [this](const http_request& request) {
        http_response out;
        out.file = folder / request.param("path");
        out.headers.emplace_back("Cache-Control", "public, max-age=60");
        return out;
      });
    server.upload(
      "/api/images",
      {[this](const http_request& request) { return decide(request); },
       [](const http_request&, const std::string&, uint64_t bytes) {
         return json_response(201, std::to_string(bytes));
       }});
    auto started = server.start();
    CAF_REQUIRE(started);
  }

  upload_decision decide(const http_request& request) {
    if (request.arg("name") == "refuse")
      return {{}, error_response(415, "no_picture", "that is no picture")};
    return {folder / request.arg("name"), {}};
  }

  raw_client client() {
    return raw_client{server.port()};
  }

  test::temp_folder folder;
  http_server server;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(http_server_tests, fixture)

CAF_TEST(routes match by method and path and decode their parts) {
  server.route("GET", "/api/images/newest", [](const http_request&) {
    return json_response(200, "literal");
  });
  start();
  auto peer = client();
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/a%20b?q=x+y%26").body, "a b|x y&");
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/newest").body, "literal");
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

CAF_TEST(a body at the limit passes and one byte more does not ) {
  start();
  auto peer = client();
  CAF_CHECK_EQUAL(peer.ask("POST /api/echo", {}, "hello").body, "hello");
  CAF_CHECK_EQUAL(peer.ask("POST /api/echo", {}, std::string(999, 'x')).status,
                  200);
  CAF_CHECK_EQUAL(peer.ask("POST /api/echo", {}, std::string(1000, 'x')).status,
                  200);
  CAF_CHECK_EQUAL(peer.ask("POST /api/echo", {}, std::string(1001, 'x')).status,
                  413);
  CAF_CHECK(peer.is_closed());
}

CAF_TEST(a chunked body arrives whole and is limited) {
  start();
  auto peer = client();
  auto chunked = "Transfer-Encoding: chunked\r\n";
  peer.send("POST /api/echo HTTP/1.1\r\nHost: localhost\r\n"
            + std::string{chunked} + "\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CAF_CHECK_EQUAL(peer.read_response().body, "abcde");
  peer.send("POST /api/echo HTTP/1.1\r\nHost: localhost\r\n"
            + std::string{chunked} + "\r\n3e9\r\n" + std::string(1001, 'x')
            + "\r\n0\r\n\r\n");
  CAF_CHECK_EQUAL(peer.read_response().status, 413);
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

CAF_TEST(an upload is streamed to the file its handler chose) {
  start();
  auto peer = client();
  std::string picture(150000, 'p');
  auto done = peer.ask("POST /api/images?name=a.jpg", {}, picture);
  CAF_CHECK_EQUAL(done.status, 201);
  CAF_CHECK_EQUAL(done.body, "150000");
  CAF_CHECK(folder.read("a.jpg") == picture);
  CAF_CHECK_EQUAL(peer.ask("POST /api/images?name=empty").body, "0");
  auto again = peer.ask("POST /api/images?name=a.jpg", {}, "x");
  CAF_CHECK_EQUAL(again.status, 500); // a file that exists is never replaced
  CAF_CHECK(folder.read("a.jpg") == picture);
}

CAF_TEST(an upload that is refused or too large leaves no file) {
  start();
  CAF_CHECK_EQUAL(client().ask("POST /api/images?name=refuse", {}, "x").status,
                  415);
  auto announced = client();
  announced.send("POST /api/images?name=a HTTP/1.1\r\nHost: localhost\r\n"
                 "Content-Length: 200001\r\n\r\n");
  CAF_CHECK_EQUAL(announced.read_response().status, 413); // before any body
  auto chunked = client();
  chunked.send("POST /api/images?name=b HTTP/1.1\r\nHost: localhost\r\n"
               "Transfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 4; ++i)
    chunked.send("10000\r\n" + std::string(65536, 'x') + "\r\n");
  CAF_CHECK_EQUAL(chunked.read_response().status, 413);
  CAF_CHECK(folder.is_empty());
}

CAF_TEST(an upload that breaks off leaves no file) {
  start();
  {
    auto peer = client();
    peer.send("POST /api/images?name=a HTTP/1.1\r\nHost: localhost\r\n"
              "Expect: 100-continue\r\nContent-Length: 150000\r\n\r\n");
    CAF_CHECK_EQUAL(peer.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    peer.send(std::string(100000, 'x'));
    CAF_CHECK(!folder.is_empty());
  }
  for (int i = 0; i < 200 && !folder.is_empty(); ++i)
    std::this_thread::sleep_for(10ms);
  CAF_CHECK(folder.is_empty());
}

CAF_TEST(files have a type and validators and ranges) {
  start();
  folder.write("a.webp", "0123456789");
  auto peer = client();
  auto whole = peer.ask("GET /files/a.webp");
  CAF_CHECK_EQUAL(whole.body, "0123456789");
  CAF_CHECK(whole.has("Content-Type: image/webp\r\n"));
  CAF_CHECK(whole.has("Cache-Control: public, max-age=60\r\n"));
  CAF_CHECK(whole.has("Last-Modified: "));
  auto at = whole.head.find("ETag: ") + 6;
  auto etag = whole.head.substr(at, whole.head.find('\r', at) - at);
  auto held = "If-None-Match: " + etag + "\r\n";
  CAF_CHECK_EQUAL(peer.ask("GET /files/a.webp", held).status, 304);
  auto part = peer.ask("GET /files/a.webp", "Range: bytes=2-4\r\n");
  CAF_CHECK_EQUAL(part.status, 206);
  CAF_CHECK_EQUAL(part.body, "234");
  CAF_CHECK(part.has("Content-Range: bytes 2-4/10\r\n"));
  CAF_CHECK_EQUAL(peer.ask("GET /files/a.webp", "Range: bytes=-3\r\n").body,
                  "789");
  CAF_CHECK_EQUAL(peer.ask("GET /files/a.webp", "Range: bytes=9-\r\n").body,
                  "9");
  CAF_CHECK_EQUAL(peer.ask("GET /files/a.webp", "Range: bytes=10-\r\n").status,
                  416);
  CAF_CHECK_EQUAL(peer.ask("HEAD /files/a.webp").status, 200);
  CAF_CHECK_EQUAL(peer.ask("GET /files/none.webp").status, 404);
}

CAF_TEST(a large file arrives whole) {
  start();
  std::string content;
  for (int i = 0; i < 300000; ++i)
    content += std::to_string(i);
  folder.write("large.bin", content);
  auto peer = client();
  auto got = peer.ask("GET /files/large.bin");
  CAF_CHECK(got.has("Content-Type: application/octet-stream\r\n"));
  CAF_CHECK(got.body == content);
}

CAF_TEST(an address in use is a clear error) {
  start();
  auto settings = small_settings();
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
  auto settings = small_settings();
  settings.header_timeout = 50ms;
  settings.idle_timeout = 50ms;
  settings.max_connections = 2;
  fixture parts{settings};
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
  auto settings = small_settings();
  settings.max_connections = 2;
  fixture parts{settings};
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
