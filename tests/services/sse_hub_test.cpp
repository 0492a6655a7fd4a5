#define CAF_SUITE sse_hub

#include "tests/support/sse_fixture.hpp"

#include <atomic>

using namespace darkroom;
using namespace darkroom::test;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(sse_hub_tests, sse_fixture)

CAF_TEST(a browser gets what is published after it came) {
  publish(3);
  browser peer{*this};
  CAF_CHECK(contains(peer.head, "Content-Type: text/event-stream\r\n"));
  CAF_CHECK(contains(peer.head, "Cache-Control: no-store\r\n"));
  CAF_CHECK(contains(peer.head, "X-Accel-Buffering: no\r\n"));
  CAF_CHECK_EQUAL(peer.hello, "retry: 2000\nid: 103-3\nevent: hello\n"
                              "data: {\"id\":\"103-3\"}\n\n");
  publish(1);
  CAF_CHECK_EQUAL(peer.next(),
                  "id: 104-4\nevent: worker-event\ndata: \"4\"\n\n");
  CAF_CHECK_EQUAL(hub.counters().clients, 1u);
  CAF_CHECK_EQUAL(hub.counters().events, 4u);
}

CAF_TEST(data of several lines stays one event) {
  browser peer{*this};
  hub.publish({1, 1, "t", "i", "j", "{\n}"});
  CAF_CHECK(contains(peer.next(), "data: {\ndata: }\n\n"));
}

CAF_TEST(the first frame has the snapshot) {
  browser before{*this};
  CAF_CHECK(before.hello.ends_with("data: {\"id\":\"0-0\"}\n\n"));
  hub.show(R"("counts":{"waiting":3})");
  browser after{*this};
  CAF_CHECK(after.hello.ends_with(R"(data: {"id":"0-0","counts":{"waiting":3}})"
                                  "\n\n"));
}

CAF_TEST(who sees some images only is not told how many jobs there are) {
  hub.show(R"("counts":{"waiting":3})");
  browser peer{*this, "?imageId=cat"};
  CAF_CHECK(peer.hello.ends_with("data: {\"id\":\"0-0\"}\n\n"));
}

CAF_TEST(progress of a job is merged and comes before the end of the job) {
  browser peer{*this};
  publish(5, "job-progress");
  CAF_CHECK_EQUAL(peer.data(), "\"1\"");
  CAF_CHECK_EQUAL(peer.data(), "\"5\""); // once the interval is over
  publish(3, "job-progress");
  publish(1, "job-completed");
  CAF_CHECK_EQUAL(peer.data(), "\"9\"");
}

CAF_TEST(filters let only what is wanted pass) {
  browser image{*this, "?imageId=a,b"};
  browser job{*this, "?jobId=7"};
  browser both{*this, "?imageId=b&type=job-failed,job-active"};
  publish(1, "job-failed", "a", "1");
  publish(1, "job-active", "c", "7");
  publish(1, "job-completed", "b", "7");
  publish(1, "job-active", "b", "2");
  for (auto wanted : {"\"1\"", "\"3\"", "\"4\""})
    CAF_CHECK_EQUAL(image.data(), wanted);
  for (auto wanted : {"\"2\"", "\"3\""})
    CAF_CHECK_EQUAL(job.data(), wanted);
  CAF_CHECK_EQUAL(both.data(), "\"4\"");
}

CAF_TEST(a burst reaches live browsers whole and in order) {
  browser one{*this};
  browser two{*this, "?type=job-active"};
  publish(900, "job-active", "i", "j", 200);
  for (int i = 1; i <= 900; ++i) {
    auto wanted = '"' + std::to_string(i) + 'x';
    if (!one.data().starts_with(wanted) || !two.data().starts_with(wanted))
      CAF_FAIL("event " << i << " is missing");
  }
  CAF_CHECK_EQUAL(hub.counters().dropped, 0u);
}

CAF_TEST(an event reaches an idle browser at once) {
  browser peer{*this};
  auto begin = std::chrono::steady_clock::now();
  for (int i = 1; i <= 20; ++i) {
    publish(1);
    CAF_CHECK_EQUAL(peer.data(), '"' + std::to_string(i) + '"');
  }
  CAF_CHECK(std::chrono::steady_clock::now() - begin < 1s);
}

CAF_TEST(one browser more than allowed is refused with a hint) {
  std::vector<std::unique_ptr<browser>> all;
  for (int i = 0; i < 50; ++i)
    all.push_back(std::make_unique<browser>(*this));
  raw_client late{server.port()};
  auto refused = late.ask("GET /api/events");
  CAF_CHECK_EQUAL(refused.status, 503);
  CAF_CHECK(contains(refused.body, "\"hint\""));
  CAF_CHECK_EQUAL(hub.counters().refused, 1u);
  all.clear();
  CAF_CHECK(eventually([this] { return hub.counters().clients == 0; }));
}

CAF_TEST(stop ends every stream and publishing goes on harmlessly) {
  browser peer{*this};
  std::atomic<bool> over{false};
  std::thread publisher{[this, &over] {
    while (!over)
      publish(1);
  }};
  CAF_CHECK(!peer.next().empty());
  server.stop();
  CAF_CHECK(peer.is_closed());
  over = true;
  publisher.join();
  publish(1);
  CAF_CHECK_EQUAL(hub.counters().clients, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(a browser waits until the replay is there) {
  auto settings = small_stream();
  sse_hub hub{settings};
  http_server server{settings};
  server.stream("/api/events", hub);
  CAF_REQUIRE(server.start());
  raw_client early{server.port()};
  early.send(
    "GET /api/events?lastEventId=5-1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  early.read_to("\r\n\r\n");
  CAF_CHECK_EQUAL(early.read_to("\n\n"), "retry: 2000\n\n");
  for (uint64_t number = 1; number <= 2; ++number)
    hub.publish({number, 5, "t", "i", "j", std::to_string(number)});
  hub.ready();
  CAF_CHECK_EQUAL(early.read_to("\n\n"),
                  "event: hello\ndata: {\"id\":\"5-2\"}\n\n");
  CAF_CHECK_EQUAL(early.read_to("\n\n"),
                  "id: 5-2\nevent: worker-event\ndata: 2\n\n");
}

CAF_TEST(a quiet stream is kept alive with its place) {
  auto settings = small_stream();
  settings.sse_keepalive = 50ms;
  sse_fixture parts{settings};
  browser peer{parts, "?type=job-failed"};
  parts.publish(3);
  auto comment = peer.next();
  while (!contains(comment, "-3\n"))
    comment = peer.next();
  CAF_CHECK(comment.starts_with(": "));
  CAF_CHECK(contains(comment, "\nid: "));
}
