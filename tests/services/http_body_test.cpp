#define CAF_SUITE http_body

#include "tests/support/http_fixture.hpp"

#include <thread>

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(http_body_tests, test::http_fixture)

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

CAF_TEST_FIXTURE_SCOPE_END()
