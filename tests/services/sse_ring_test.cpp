#define CAF_SUITE sse_ring

#include "services/http/sse_ring.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

/// A ring with a clock of its own. Event n is kept at 1000 + n ms; its data is
/// its number.
struct fixture {
  sse_ring ring{2000, 65536, 100ms};
  sse_ring::clock::time_point now{};
  uint64_t number = 0;

  void push(const std::string& type, const std::string& job = "j",
            size_t bytes = 0) {
    ++number;
    ring.push({number, static_cast<int64_t>(1000 + number), type, "i", job,
               std::to_string(number) + std::string(bytes, 'x')},
              now);
  }

  void pass(std::chrono::milliseconds time) {
    now += time;
    ring.release(now);
  }

  sse_cursor enter(const std::string& id = {}, const std::string& jobs = {}) {
    http_request request;
    request.headers["last-event-id"] = id;
    request.query["jobId"] = jobs;
    return ring.enter(sse_request{request});
  }

  /// The data of the frames that a client gets now, as "1 2 gap:slow".
  std::string take(sse_cursor& cursor, bool is_slow = false) {
    std::string out;
    for (auto piece = ring.take(cursor, ring.end(), is_slow); piece.text;
         piece = ring.take(cursor, ring.end()))
      for (size_t at = 0;
           (at = piece.text->find("data: ", at)) != std::string::npos;) {
        at += 6;
        auto data = piece.text->substr(at, piece.text->find('\n', at) - at);
        if (data.starts_with("{\"reason\":\""))
          data = "gap:" + data.substr(11, data.find('"', 11) - 11);
        out += (out.empty() ? "" : " ") + data.substr(0, data.find('x'));
      }
    return out;
  }

  std::string all_since(const std::string& id) {
    auto cursor = enter(id);
    return take(cursor);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sse_ring_tests, fixture)

CAF_TEST(a client that comes back gets what it has not seen) {
  for (int i = 0; i < 4; ++i)
    push("job-active");
  CAF_CHECK_EQUAL(all_since("1002-2"), "3 4");
  CAF_CHECK_EQUAL(all_since("1004-4"), "");
  CAF_CHECK_EQUAL(all_since("0-0"), "1 2 3 4");
  CAF_CHECK_EQUAL(all_since("0-3"), "gap:restarted 1 2 3 4");
}

CAF_TEST(an id of events that Redis lost brings only newer events) {
  for (int i = 0; i < 4; ++i)
    push("job-active");
  CAF_CHECK_EQUAL(all_since("1002-3"), "gap:restarted 3 4");
  CAF_CHECK_EQUAL(all_since("1003-9"), "gap:restarted 4");
  CAF_CHECK_EQUAL(all_since("1-9"), "gap:restarted 1 2 3 4");
  CAF_CHECK_EQUAL(all_since("x"), "gap:restarted 1 2 3 4");
}

CAF_TEST(progress is held back and the newest one follows) {
  auto live = enter();
  push("job-progress");
  push("job-progress");
  push("job-active", "other");
  push("job-progress");
  CAF_CHECK_EQUAL(take(live), "1 3");
  pass(99ms);
  CAF_CHECK_EQUAL(take(live), "");
  pass(1ms);
  CAF_CHECK_EQUAL(take(live), "4");
  push("job-progress");
  pass(100ms);
  CAF_CHECK_EQUAL(take(live), "5");
}

CAF_TEST(no progress follows the end of its job) {
  auto live = enter();
  push("job-progress");
  push("job-progress");
  push("job-completed");
  pass(1000ms);
  CAF_CHECK_EQUAL(take(live), "1 3");
}

CAF_TEST(a client that leaves while progress is held back gets it later) {
  auto live = enter();
  push("job-progress");
  push("job-progress");
  push("job-active", "other");
  CAF_CHECK_EQUAL(take(live), "1 3");
  auto id = ring.id_of(live);
  CAF_CHECK_EQUAL(id, "1003-3~2");
  auto early = enter(id);
  CAF_CHECK_EQUAL(take(early), "");
  CAF_CHECK_EQUAL(ring.id_of(early), id);
  pass(100ms);
  CAF_CHECK_EQUAL(take(early), "2");
  CAF_CHECK_EQUAL(all_since(id), "2");
  CAF_CHECK_EQUAL(take(live), "2");
  CAF_CHECK_EQUAL(ring.id_of(live), "1003-3");
  CAF_CHECK_EQUAL(all_since("1003-3"), "");
  CAF_CHECK_EQUAL(all_since("1001-1"), "3 2");
  push("job-active", "third");
  CAF_CHECK_EQUAL(take(early), "4");
  CAF_CHECK_EQUAL(all_since(id), "2 4");
}

CAF_TEST(owed progress does not take a client back) {
  push("job-progress");
  push("job-active", "other");
  auto cursor = enter("1002-2~1"); // another process had held it back
  auto piece = ring.take(cursor, ring.end());
  CAF_CHECK_EQUAL(*piece.text, "id: 1002-2\nevent: worker-event\ndata: 1\n\n");
}

CAF_TEST(history is not merged) {
  for (uint64_t i = 1; i <= 3; ++i)
    ring.push({i, 5, "job-progress", "i", "j", std::to_string(i)}, now, true);
  CAF_CHECK_EQUAL(all_since("0-0"), "1 2 3");
}

CAF_TEST(a client that falls behind while it is slow is sent on) {
  auto slow = enter();
  auto busy = enter();
  for (int i = 0; i < 70; ++i)
    push("job-active", "j", 1000);
  CAF_CHECK(take(busy).starts_with("1 2 3 "));
  CAF_CHECK_EQUAL(take(slow, true), "gap:slow");
  push("job-active");
  CAF_CHECK_EQUAL(take(slow), "71");
}

CAF_TEST(a slow client with less to come misses nothing) {
  auto slow = enter();
  for (int i = 0; i < 50; ++i)
    push("job-active", "j", 1000);
  CAF_CHECK(take(slow, true).starts_with("1 2 3 "));
}

CAF_TEST(a client that asks for history is not slow because of it) {
  for (int i = 0; i < 200; ++i)
    push("job-active", "j", 1000);
  auto late = enter("0-0");
  CAF_CHECK(take(late, true).ends_with(" 199 200"));
}

CAF_TEST(a loss in Redis leaves no doubles behind) {
  auto live = enter();
  for (int i = 0; i < 3; ++i)
    push("job-active");
  take(live);
  ring.restart();
  CAF_CHECK_EQUAL(take(live), "gap:restarted");
  auto id = ring.id_of(live);
  number = 1; // event 1 was not lost; 2 is another one, later
  ring.push({2, 2000, "job-active", "i", "j", "2"}, now);
  CAF_CHECK_EQUAL(take(live), "2");
  CAF_CHECK_EQUAL(all_since(id), "gap:restarted 2");
  CAF_CHECK_EQUAL(all_since("1003-3"), "gap:restarted 2");
  CAF_CHECK_EQUAL(all_since("1002-2"), "gap:restarted 2");
  CAF_CHECK_EQUAL(all_since("2000-2"), "");
}

CAF_TEST(what is older than the ring is counted) {
  for (int i = 0; i < 2010; ++i)
    push("job-active");
  auto cursor = enter("1004-4");
  auto piece = ring.take(cursor, ring.end());
  CAF_CHECK_EQUAL(piece.missed, 6u);
  CAF_CHECK(piece.text->starts_with("id: 1010-10\nevent: gap\n"));
}

CAF_TEST_FIXTURE_SCOPE_END()
