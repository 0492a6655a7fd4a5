#define CAF_SUITE event_feed

#include "actors/event_feed.hpp"
#include "tests/support/redis_fixture.hpp"

using namespace darkroom;

namespace {

struct fixture : redis_fixture {
  std::shared_ptr<wake_signal> wake = std::make_shared<wake_signal>();
  std::string channel = "events-of-" + settings.name;
  inbox<std::string> texts;

  ~fixture() {
    wake->raise();
    live.end_all();
  }

  /// Returns once it listens.
  void start(const redis_settings& where) {
    queue = std::make_unique<job_queue>(where, settings);
    live.ends(live.sys.spawn<caf::detached>(
      event_feed, where, channel,
      [this](const std::string& json) { texts.put(json); }, wake));
    until([this] { return listeners(channel) == 1; });
  }

  void publish(const std::string& text) {
    must(queue->connection().call({"PUBLISH", channel, text}));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(event_feed_tests, fixture)

CAF_TEST(what is published is handed on in its order) {
  start(redis);
  publish("{\"a\":1}");
  publish("no JSON");
  auto got = texts.wait_for(2);
  CAF_CHECK_EQUAL(got[0], "{\"a\":1}");
  CAF_CHECK_EQUAL(got[1], "no JSON");
}

CAF_TEST(bytes of any kind pass) {
  start(redis);
  std::string odd{"\0\r\n\xff", 4};
  publish(odd);
  CAF_CHECK(texts.at(0) == odd);
}

CAF_TEST(a feed listens again after Redis was away) {
  redis_server own;
  start(own.settings());
  publish("before");
  texts.wait_for(1);
  own.restart();
  until([this] {
    auto reply = queue->connection().call({"PUBSUB", "NUMSUB", channel});
    return reply && number_of(*(*reply)->element[1]) == 1;
  });
  publish("after");
  CAF_CHECK_EQUAL(texts.at(1), "after");
}

CAF_TEST_FIXTURE_SCOPE_END()
