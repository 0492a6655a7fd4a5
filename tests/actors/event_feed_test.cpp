#define CAF_SUITE event_feed

#include "actors/event_feed.hpp"
#include "tests/support/redis_fixture.hpp"

using namespace darkroom;

namespace {

/// What one feed told, as "1:text", "restarted", "ready", "lost".
struct listener {
  inbox<std::string> told;
  inbox<queue_counts> counts;
  std::pair<uint64_t, int64_t> place;

  event_sink sink() {
    event_sink out;
    out.newest = [this] {
      return place;
    };
    out.event = [this](const kept_event& x) {
      told.put(std::to_string(x.number) + ':' + x.text);
    };
    out.restarted = [this] {
      told.put("restarted");
    };
    out.ready = [this] {
      told.put("ready");
    };
    out.lost = [this] {
      told.put("lost");
    };
    out.counts = [this](const queue_counts& x) {
      counts.put(x);
    };
    return out;
  }
};

using strings = std::vector<std::string>;

struct fixture : redis_fixture {
  std::shared_ptr<wake_signal> wake = std::make_shared<wake_signal>();
  std::string channel = "events-of-" + settings.name;
  listener one;
  listener two;
  std::unique_ptr<event_ring> ring;
  int feeds = 0;

  ~fixture() {
    wake->raise();
    live.end_all();
  }

  /// Returns once it listens.
  void start(const redis_settings& where, listener& to) {
    queue = std::make_unique<job_queue>(where, settings);
    ring = std::make_unique<event_ring>(where, channel, 1000);
    live.ends(live.sys.spawn<caf::detached>(event_feed, where, settings,
                                            channel, 1000u, to.sink(), wake));
    ++feeds;
    until([this] { return listeners(channel) == feeds; });
  }

  /// By a process of Darkroom.
  void publish(const strings& texts, int64_t now = 5) {
    must(ring->publish(texts, now));
  }

  /// By another program.
  void publish_plainly(const std::string& text) {
    must(queue->connection().call({"PUBLISH", channel, text}));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(event_feed_tests, fixture)

CAF_TEST(what is published is handed on once in its order) {
  start(redis, one);
  publish({"a", "b"});
  publish({"c"});
  publish_plainly("x");
  publish({"d"});
  auto told = one.told.wait_for(6);
  CAF_CHECK_EQUAL(told.front(), "ready");
  told.erase(told.begin());
  // Another program's event may come after what was published next.
  std::sort(told.begin(), told.end(),
            [](auto& a, auto& b) { return a.substr(2) < b.substr(2); });
  CAF_CHECK_EQUAL(told[0], "1:a");
  CAF_CHECK_EQUAL(told[1], "2:b");
  CAF_CHECK_EQUAL(told[2], "3:c");
  CAF_CHECK(has(told[3], ":d"));
  CAF_CHECK(has(told[4], ":x"));
}

CAF_TEST(what was published before is handed on first) {
  ring = std::make_unique<event_ring>(redis, channel, 1000);
  publish({"a", "b"});
  start(redis, one);
  CAF_CHECK_EQUAL(one.told.wait_for(3), (strings{"1:a", "2:b", "ready"}));
}

CAF_TEST(a feed that is replaced goes on where the last one ended) {
  ring = std::make_unique<event_ring>(redis, channel, 1000);
  publish({"a", "b"});
  one.place = {2, 5};
  publish({"c"});
  start(redis, one);
  CAF_CHECK_EQUAL(one.told.wait_for(2), (strings{"3:c", "ready"}));
}

CAF_TEST(all listeners hand on the same) {
  start(redis, one);
  start(redis, two);
  for (int i = 0; i < 50; ++i) {
    publish({"own " + std::to_string(i)});
    publish_plainly("other " + std::to_string(i));
    publish_plainly("again");
  }
  auto first = one.told.wait_for(151);
  auto second = two.told.wait_for(151);
  CAF_CHECK(first == second);
  CAF_CHECK_EQUAL(std::count_if(first.begin(), first.end(),
                                [](auto& x) { return has(x, ":again"); }),
                  50);
  std::sort(first.begin(), first.end());
  CAF_CHECK(std::adjacent_find(first.begin(), first.end()) == first.end());
  CAF_CHECK_EQUAL(must(ring->newest()), 150u);
}

CAF_TEST(bytes of any kind pass) {
  start(redis, one);
  std::string odd{"\0\r\n\xff", 4};
  publish_plainly(odd);
  CAF_CHECK(one.told.at(1) == "1:" + odd);
}

CAF_TEST(what is no event for its size is dropped) {
  start(redis, one);
  publish_plainly(std::string(8193, 'x'));
  publish_plainly(std::string(8192, 'y'));
  CAF_CHECK(one.told.at(1).starts_with("1:y"));
}

CAF_TEST(the queue is counted) {
  start(redis, one);
  CAF_CHECK_EQUAL(one.counts.at(0).waiting, 0u);
  add();
  until([this] { return one.counts.all().back().waiting == 1; });
}

CAF_TEST(what Redis does not keep is told) {
  redis_server own;
  start(own.settings(), one);
  must(queue->connection().call({"CONFIG", "SET", "maxmemory", "1"}));
  publish_plainly("x");
  CAF_CHECK_EQUAL(one.told.wait_for(2), (strings{"ready", "lost"}));
}

CAF_TEST(a feed listens again after Redis was away) {
  redis_server own;
  start(own.settings(), one);
  publish({"before"}, 5);
  one.told.wait_for(2);
  own.restart(); // without a file: its ring is new
  until([this] {
    auto reply = queue->connection().call({"PUBSUB", "NUMSUB", channel});
    return reply && number_of(*(*reply)->element[1]) == 1;
  });
  publish({"after"}, 6);
  publish_plainly("other");
  auto told = one.told.wait_for(6);
  CAF_CHECK_EQUAL(told, (strings{"ready", "1:before", "restarted", "ready",
                                 "1:after", "2:other"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
