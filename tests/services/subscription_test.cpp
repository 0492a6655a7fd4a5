#define CAF_SUITE subscription

#include "config/clock.hpp"
#include "services/redis/subscription.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

using namespace darkroom;

namespace {

struct subscription_fixture {
  /// The next message; empty after 50 ms.
  std::string next() {
    return must(listener.next(milliseconds{50}, wake));
  }

  void publish(const std::string& text, const char* channel = "news") {
    redis_connection speaker{server.settings()};
    must(speaker.call({"PUBLISH", channel, text}));
  }

  redis_server server;
  subscription listener{server.settings(), "news"};
  wake_signal wake;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(subscription_tests, subscription_fixture)

CAF_TEST(messages come in order and whole) {
  CAF_CHECK_EQUAL(next(), "");
  std::string large(300000, 'x');
  for (const auto& text : {std::string("a\0\r\nb", 5), large, std::string("c")})
    publish(text);
  CAF_CHECK_EQUAL(next(), std::string("a\0\r\nb", 5));
  CAF_CHECK(next() == large);
  CAF_CHECK_EQUAL(next(), "c");
  CAF_CHECK_EQUAL(next(), "");
}

CAF_TEST(other channels are not heard) {
  next();
  publish("x", "gossip");
  CAF_CHECK_EQUAL(next(), "");
}

CAF_TEST(a message ends the wait) {
  next();
  std::thread speaker([this] {
    std::this_thread::sleep_for(milliseconds(50));
    publish("now");
  });
  auto began = wall_clock_ms();
  CAF_CHECK_EQUAL(must(listener.next(milliseconds{10000}, wake)), "now");
  speaker.join();
  CAF_CHECK(wall_clock_ms() - began < 5000);
}

CAF_TEST(a signal ends the wait and the subscription stays) {
  next();
  wake.raise();
  CAF_CHECK(refused(listener.next(milliseconds{10000}, wake)).code
            == ec::cancelled);
  publish("kept");
  wake.clear();
  CAF_CHECK_EQUAL(next(), "kept");
}

CAF_TEST(after a restart it listens again) {
  next();
  server.kill();
  auto gone = [&] {
    return refused(listener.next(milliseconds{2000}, wake));
  };
  CAF_CHECK(gone().code == ec::redis_unavailable);
  CAF_CHECK(gone().code == ec::redis_unavailable);
  server.restart();
  CAF_CHECK_EQUAL(next(), "");
  publish("again");
  CAF_CHECK_EQUAL(next(), "again");
}

CAF_TEST(a server that is not there is an error) {
  auto settings = server.settings();
  settings.port = test::free_port();
  subscription lost{settings, "news"};
  CAF_CHECK(refused(lost.next(milliseconds{50}, wake)).code
            == ec::redis_unavailable);
}

CAF_TEST_FIXTURE_SCOPE_END()
