#define CAF_SUITE sse_return

#include "tests/support/sse_fixture.hpp"

using namespace darkroom;
using namespace darkroom::test;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(sse_return_tests, sse_fixture)

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

CAF_TEST(a browser that just came gets the newest events that it wants) {
  publish(2, "job-active", "mine");
  publish(3, "job-active", "other");
  publish(1, "job-active", "mine");
  browser two{*this, "?recent=2"};
  CAF_CHECK(contains(two.hello, R"({"id":"106-6"})"));
  CAF_CHECK_EQUAL(browser::id_of(two.hello), "104-4");
  CAF_CHECK_EQUAL(two.data(), "\"5\"");
  browser mine{*this, "?recent=2&imageId=mine"};
  CAF_CHECK_EQUAL(mine.data(), "\"2\"");
  CAF_CHECK_EQUAL(mine.data(), "\"6\"");
  browser all{*this, "?recent=10000"};
  CAF_CHECK_EQUAL(all.data(), "\"1\"");
  browser none{*this, "?recent=0"};
  browser back{*this, "?recent=5", "Last-Event-ID: 105-5\r\n"};
  CAF_CHECK_EQUAL(back.data(), "\"6\"");
  publish(1, "job-active", "mine");
  CAF_CHECK_EQUAL(two.data(), "\"6\"");
  for (auto* peer : {&two, &mine, &none, &back})
    CAF_CHECK_EQUAL(peer->data(), "\"7\"");
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

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(a slow browser is cut off and the others live) {
  auto settings = small_stream();
  settings.sse_write_timeout = 300ms;
  sse_fixture parts{settings};
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
  sse_fixture parts;
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
