#define CAF_SUITE sse_hub

#include "services/http/http_server.hpp"
#include "services/http/sse_hub.hpp"
#include "tests/support/http_client.hpp"
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
  out.replay_events = 10;
  out.max_sse_clients = 50;
  return out;
}

/// A hub behind a server, and its events "1", "2", …, kept at 101 ms, 102 ms, …
struct fixture {
  explicit fixture(http_settings settings = small_settings())
    : hub(settings),
      server(settings) {
    server.stream("/api/events", hub);
    auto started = server.start();
    CAF_REQUIRE(started);
    hub.ready();
  }

  void publish(int count, const std::string& type = "job-active",
               const std::string& image = "i", const std::string& job = "j",
               size_t bytes = 0) {
    for (; count > 0; --count) {
      auto number = static_cast<uint64_t>(++published);
      hub.publish(
        {number, 100 + published, type, image, job,
         '"' + std::to_string(number) + std::string(bytes, 'x') + '"'});
    }
  }

  sse_hub hub;
  http_server server;
  int published = 0;
};

struct browser : raw_client {
  explicit browser(fixture& parts, const std::string& query = {},
                   const std::string& more = {}, int receive_bytes = 0)
    : raw_client(parts.server.port(), receive_bytes) {
    send("GET /api/events" + query + " HTTP/1.1\r\nHost: localhost\r\n" + more
         + "\r\n");
    head = read_to("\r\n\r\n");
    hello = read_to("\n\n");
  }

  std::string next() {
    return read_to("\n\n");
  }

  /// The data of the next event that is no keep-alive.
  std::string data() {
    auto event = next();
    while (event.starts_with(':'))
      event = next();
    auto at = event.find("data: ");
    return at == event.npos ? event
                            : event.substr(at + 6, event.size() - at - 8);
  }

  /// What the browser would send as Last-Event-ID.
  static std::string id_of(const std::string& event) {
    auto at = event.rfind("\nid: ") == event.npos ? event.find("id: ")
                                                  : event.rfind("\nid: ") + 1;
    return event.substr(at + 4, event.find('\n', at) - at - 4);
  }

  std::string head;
  std::string hello;
};

bool contains(const std::string& text, std::string_view what) {
  return text.find(what) != text.npos;
}

template <class Predicate>
bool eventually(Predicate is_true) {
  for (int i = 0; i < 500 && !is_true(); ++i)
    std::this_thread::sleep_for(10ms);
  return is_true();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(sse_hub_tests, fixture)

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

CAF_TEST(a browser that comes back misses nothing) {
  std::string id;
  {
    browser first{*this};
    publish(1);
    id = browser::id_of(first.next());
  }
  publish(3);
  browser by_header{*this, {}, "Last-Event-ID: " + id + "\r\n"};
  browser by_query{*this, "?lastEventId=" + id};
  for (auto wanted : {"\"2\"", "\"3\"", "\"4\""}) {
    CAF_CHECK_EQUAL(by_header.data(), wanted);
    CAF_CHECK_EQUAL(by_query.data(), wanted);
  }
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

CAF_TEST(a browser that comes back keeps its id until it has more) {
  publish(3);
  browser peer{*this, "?lastEventId=101-1"};
  CAF_CHECK(peer.hello.starts_with("retry: 2000\nevent: hello\n"));
  CAF_CHECK(contains(peer.hello, R"({"id":"103-3"})"));
  CAF_CHECK_EQUAL(browser::id_of(peer.next()), "102-2");
}

CAF_TEST(a browser that saw no event yet misses nothing either) {
  auto id = browser::id_of(browser{*this}.hello);
  publish(1);
  browser again{*this, "?lastEventId=" + id};
  CAF_CHECK_EQUAL(again.data(), "\"1\"");
}

CAF_TEST(history that is gone is told as a gap) {
  auto id = browser::id_of(browser{*this}.hello);
  publish(10);
  browser at_limit{*this, "?lastEventId=" + id};
  CAF_CHECK_EQUAL(at_limit.data(), "\"1\"");
  publish(1);
  browser after{*this, "?lastEventId=" + id};
  auto gap = after.next();
  CAF_CHECK(
    contains(gap, "event: gap\ndata: {\"reason\":\"expired\",\"missed\":1}"));
  CAF_CHECK_EQUAL(after.data(), "\"2\"");
}

CAF_TEST(another epoch is told as a gap) {
  publish(2);
  for (auto id : {"99-1", "0123456789ab-1", "nonsense", "-", "5", "101-1~",
                  "101-1~x", "101-1~-1"}) {
    browser peer{*this, "?lastEventId=" + std::string{id}};
    CAF_CHECK(
      contains(peer.next(), "{\"reason\":\"restarted\",\"missed\":null}"));
    CAF_CHECK_EQUAL(peer.data(), "\"1\"");
  }
}

CAF_TEST(what Redis lost is told to those who listen) {
  browser peer{*this};
  publish(2);
  for (int i = 0; i < 2; ++i)
    peer.next();
  hub.restart();
  CAF_CHECK(
    contains(peer.next(), "{\"reason\":\"restarted\",\"missed\":null}"));
  published = 0;
  publish(1);
  CAF_CHECK_EQUAL(peer.next(),
                  "id: 101-1\nevent: worker-event\ndata: \"1\"\n\n");
}

CAF_TEST(numbers that are left out are told to those who listen) {
  browser peer{*this};
  browser filtered{*this, "?type=job-active"};
  publish(1);
  published += 3;
  publish(1);
  CAF_CHECK_EQUAL(peer.data(), "\"1\"");
  CAF_CHECK_EQUAL(peer.data(), R"({"reason":"overrun","missed":3})");
  CAF_CHECK_EQUAL(peer.data(), "\"5\"");
  CAF_CHECK_EQUAL(filtered.data(), "\"1\"");
  CAF_CHECK_EQUAL(filtered.data(), R"({"reason":"overrun","missed":null})");
  hub.lose();
  CAF_CHECK_EQUAL(peer.data(), R"({"reason":"lost","missed":null})");
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
  auto settings = small_settings();
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

CAF_TEST(a slow browser is cut off and the others live) {
  auto settings = small_settings();
  settings.sse_write_timeout = 300ms;
  fixture parts{settings};
  browser slow{parts, {}, {}, 4096};
  browser live{parts};
  int seen = 0;
  for (; seen < 4000 && parts.hub.counters().kicked == 0; ++seen) {
    parts.publish(1, "t", "i", "j", 1000);
    if (!live.data().starts_with('"' + std::to_string(seen + 1) + 'x'))
      CAF_FAIL("the live browser lost event " << seen + 1);
    if (seen > 200)
      std::this_thread::sleep_for(2ms);
  }
  CAF_CHECK_EQUAL(parts.hub.counters().kicked, 1u);
  CAF_CHECK_EQUAL(parts.hub.counters().clients, 1u);
  CAF_CHECK(slow.is_closed());
}

CAF_TEST(a slow browser that reads again is told what it missed) {
  fixture parts;
  browser slow{parts, {}, {}, 4096};
  browser live{parts};
  for (int i = 1; i <= 2500; ++i) {
    parts.publish(1, "t", "i", "j", 1000);
    live.next();
  }
  std::string event;
  uint64_t before = 0;
  while (!contains(event, "event: gap") && before < 2500) {
    event = slow.next();
    ++before;
  }
  CAF_CHECK(contains(event, "\"reason\":\"slow\",\"missed\":"));
  auto missed = std::stoul(event.substr(event.find("missed\":") + 8));
  CAF_CHECK_EQUAL(missed, parts.hub.counters().dropped);
  // What came before the gap, the gap, and what comes after it, are all.
  CAF_CHECK(
    slow.data().starts_with('"' + std::to_string(before + missed) + 'x'));
}

CAF_TEST(a quiet stream is kept alive with its place) {
  auto settings = small_settings();
  settings.sse_keepalive = 50ms;
  fixture parts{settings};
  browser peer{parts, "?type=job-failed"};
  parts.publish(3);
  auto comment = peer.next();
  while (!contains(comment, "-3\n"))
    comment = peer.next();
  CAF_CHECK(comment.starts_with(": "));
  CAF_CHECK(contains(comment, "\nid: "));
}
