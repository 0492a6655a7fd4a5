#define CAF_SUITE http_tls

#include "config/clock.hpp"
#include "services/http/sse_hub.hpp"
#include "services/tls/tls_authority.hpp"
#include "services/tls/tls_files.hpp"
#include "tests/support/http_fixture.hpp"
#include "tests/support/https_client.hpp"
#include "tests/support/must.hpp"

#include <deque>
#include <memory>
#include <thread>

using namespace darkroom;
using namespace darkroom::test;
using namespace std::chrono_literals;

namespace {

/// A certificate of a new CA; its folder lives as long as the fixture.
struct certified {
  scratch_folder files;
  tls_order order{files / "tls", 30, wall_clock_ms()};

  http_settings with_tls(http_settings out = small_settings()) {
    must(make_authority(order));
    auto made = must(make_node_files(order, "web"));
    out.tls_certificate = made.certificate;
    out.tls_key = made.key;
    return out;
  }
};

struct fixture : certified, http_fixture {
  explicit fixture(http_settings settings = small_settings())
    : http_fixture(with_tls(settings)),
      hub(settings) {
    server.route("GET", "/api/secure", [](const http_request& request) {
      return json_response(200, request.is_secure ? "secure" : "plain");
    });
    server.stream("/api/events", hub);
    hub.ready();
    start();
  }
  ~fixture() {
    server.stop();
  }

  sse_hub hub;
};

http_settings hasty() {
  auto out = small_settings();
  out.header_timeout = 300ms;
  out.max_connections = 20;
  return out;
}

} // namespace

CAF_TEST(requests uploads and files go through TLS) {
  fixture parts;
  https_client peer{parts.server.port()};
  CAF_REQUIRE(peer.is_secure());
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/7?q=x").body, "7|x");
  CAF_CHECK_EQUAL(peer.ask("GET /api/secure").body, "secure");
  std::string body(1000, 'b');
  CAF_CHECK_EQUAL(peer.ask("POST /api/echo", {}, body).body, body);
  std::string picture(200000, 'p');
  CAF_CHECK_EQUAL(peer.ask("POST /api/images?name=a.jpg", {}, picture).body,
                  "200000");
  CAF_CHECK_EQUAL(peer.ask("GET /files/a.jpg").body, picture);
  peer.send(
    "POST /api/images?name=b.jpg HTTP/1.1\r\nHost: localhost\r\nExpect: "
    "100-continue\r\nContent-Length: 3\r\n\r\n");
  CAF_CHECK_EQUAL(peer.read_response().status, 100);
  peer.send("abc");
  CAF_CHECK_EQUAL(peer.read_response().body, "3");
}

CAF_TEST(a page of this host that came without TLS may change nothing) {
  fixture parts;
  https_client peer{parts.server.port()};
  CAF_CHECK_EQUAL(
    peer.ask("POST /api/echo", "Origin: https://localhost\r\n", "a").status,
    200);
  CAF_CHECK_EQUAL(
    peer.ask("POST /api/echo", "Origin: http://localhost\r\n", "a").status,
    403);
}

CAF_TEST(plain HTTP is told that it needs https) {
  fixture parts;
  raw_client peer{parts.server.port()};
  auto told = peer.ask("GET /api/images/1", "Authorization: Bearer x\r\n");
  CAF_CHECK_EQUAL(told.status, 400);
  CAF_CHECK(has(told.body, "this port speaks https"));
  CAF_CHECK(peer.is_closed());
  raw_client noise{parts.server.port()};
  noise.send("\x01\x02\x03\r\n\r\n");
  CAF_CHECK_EQUAL(noise.read_response().status, 400);
}

CAF_TEST(a handshake that does not end is cut off) {
  fixture parts{hasty()};
  raw_client mute{parts.server.port()};
  raw_client half{parts.server.port()};
  half.send(std::string{"\x16\x03\x01\x02\x00\x01", 6});
  CAF_CHECK(mute.is_closed());
  CAF_CHECK(half.is_closed());
}

CAF_TEST(handshakes that do not end hold up nobody) {
  auto settings = hasty();
  settings.header_timeout = 60s;
  fixture parts{settings};
  std::deque<raw_client> crowd;
  for (int i = 0; i < 60; ++i)
    crowd.emplace_back(parts.server.port(), 0, "127.0.0.9")
      .send(std::string{"\x16\x03\x01\x02\x00\x01", 6});
  https_client peer{parts.server.port()};
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/1").status, 200);
  CAF_CHECK_LESS(parts.server.counters().connections, 40u);
}

CAF_TEST(who shook hands outlasts those that say nothing) {
  auto settings = hasty();
  settings.header_timeout = 60s;
  fixture parts{settings};
  https_client peer{parts.server.port()};
  std::deque<raw_client> crowd;
  for (int i = 0; i < 60; ++i)
    crowd.emplace_back(parts.server.port(), 0, "127.0.0.9");
  CAF_CHECK(crowd.front().is_closed());
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/1").status, 200);
}

CAF_TEST(random bytes within TLS end only their connection) {
  fixture parts;
  for (int i = 0; i < 20; ++i) {
    raw_client peer{parts.server.port()};
    std::string bytes{"\x16\x03\x01\x00\x40", 5};
    for (int k = 0; k < 200; ++k)
      bytes += static_cast<char>(k * 7 + i * 13);
    peer.send(bytes);
    CAF_CHECK(peer.is_closed());
  }
  https_client peer{parts.server.port()};
  CAF_CHECK_EQUAL(peer.ask("GET /api/images/1").status, 200);
}

CAF_TEST(old versions and other protocols are refused) {
  fixture parts;
  auto port = parts.server.port();
  CAF_CHECK((!https_client{port, {TLS1_1_VERSION, {}, nullptr}}.is_secure()));
  https_client older{port, {TLS1_2_VERSION, {}, nullptr}};
  CAF_CHECK_EQUAL(older.ask("GET /api/images/1").status, 200);
  CAF_CHECK((!https_client{port, {0, "h2", nullptr}}.is_secure()));
  https_client web{port, {0, "http/1.1", nullptr}};
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(web.ssl(), &chosen, &size);
  CAF_REQUIRE_EQUAL(size, 8u);
  CAF_CHECK_EQUAL((std::string{reinterpret_cast<const char*>(chosen), size}),
                  "http/1.1");
}

CAF_TEST(a session is resumed) {
  fixture parts;
  for (auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    https_client first{parts.server.port(), {version, {}, nullptr}};
    CAF_CHECK_EQUAL(first.ask("GET /api/images/1").status, 200);
    std::unique_ptr<SSL_SESSION, void (*)(SSL_SESSION*)> session{
      SSL_get1_session(first.ssl()), SSL_SESSION_free};
    https_client again{parts.server.port(), {version, {}, session.get()}};
    CAF_CHECK_EQUAL(again.ask("GET /api/images/1").status, 200);
    CAF_CHECK_EQUAL(SSL_session_reused(again.ssl()), 1);
  }
}

CAF_TEST(events come through TLS and the stream ends as TLS demands) {
  fixture parts;
  https_client peer{parts.server.port()};
  peer.send("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CAF_CHECK(has(peer.read_to("\r\n\r\n"), "text/event-stream"));
  CAF_CHECK(has(peer.read_to("\n\n"), "event: hello"));
  for (uint64_t i = 1; i <= 300; ++i)
    parts.hub.publish(
      {i, 100, "job-active", "i", "j", '"' + std::string(1000, 'x') + '"'});
  for (int i = 1; i <= 300; ++i)
    CAF_REQUIRE(has(peer.read_to("\n\n"), "xxx"));
  CAF_CHECK_EQUAL(parts.hub.counters().dropped, 0u);
  parts.server.stop();
  CAF_CHECK(peer.is_ended());
}

CAF_TEST(who reads no events is let go) {
  auto settings = small_settings();
  settings.sse_write_timeout = 300ms;
  fixture parts{settings};
  https_client deaf{parts.server.port()};
  deaf.send("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  deaf.read_to("event: hello");
  for (uint64_t i = 1; parts.hub.counters().kicked == 0; ++i) {
    parts.hub.publish(
      {i, 100, "job-active", "i", "j", '"' + std::string(10000, 'x') + '"'});
    std::this_thread::sleep_for(1ms);
  }
  CAF_CHECK_EQUAL(parts.hub.counters().clients, 0u);
}

CAF_TEST(unusable files keep the server from starting) {
  certified parts;
  auto settings = parts.with_tls();
  settings.tls_key = parts.order.folder + "/ca.key";
  http_server server{settings};
  auto started = server.start();
  CAF_REQUIRE(!started);
  CAF_CHECK(started.error().code == ec::bad_config);
  CAF_CHECK(has(started.error().context, "is not that of certificate"));
}
