#define CAF_SUITE connection_wait

#include "config/clock.hpp"
#include "services/redis/connection.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

using namespace darkroom;

namespace {

struct wait_fixture {
  result<redis_reply> wait(milliseconds limit) {
    auto seconds = std::to_string(static_cast<double>(limit.count()) / 1000);
    began = wall_clock_ms();
    return redis.call_interruptible({"BLPOP", "list", seconds}, limit, wake);
  }

  static bool is_nil(result<redis_reply> reply) {
    return must(std::move(reply))->type == REDIS_REPLY_NIL;
  }

  int64_t took() const {
    return wall_clock_ms() - began;
  }

  redis_server server;
  redis_connection redis{server.settings()};
  wake_signal wake;
  int64_t began = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(connection_wait_tests, wait_fixture)

CAF_TEST(an answer ends the wait) {
  redis_connection other{server.settings()};
  must(other.call({"RPUSH", "list", "x"}));
  CAF_CHECK(!is_nil(wait(milliseconds{5000})));
  CAF_CHECK(took() < 3000);
}

CAF_TEST(Redis ends the wait at its limit) {
  CAF_CHECK(is_nil(wait(milliseconds{150})));
  CAF_CHECK(took() >= 100);
  CAF_CHECK(took() < 3000);
}

CAF_TEST(a raised signal ends the wait) {
  std::thread stopper([this] {
    std::this_thread::sleep_for(milliseconds(50));
    wake.raise();
  });
  CAF_CHECK(refused(wait(milliseconds{10000})).code == ec::cancelled);
  stopper.join();
  CAF_CHECK(took() < 5000);
}

CAF_TEST(a signal is kept until it is cleared) {
  wake.raise();
  wake.raise();
  CAF_CHECK(refused(wait(milliseconds{5000})).code == ec::cancelled);
  CAF_CHECK(refused(wait(milliseconds{5000})).code == ec::cancelled);
  wake.clear();
  CAF_CHECK(is_nil(wait(milliseconds{50})));
}

CAF_TEST(what arrives after a wake up is left for others) {
  wake.raise();
  CAF_CHECK(refused(wait(milliseconds{5000})).code == ec::cancelled);
  wake.clear();
  redis_connection other{server.settings()};
  // once Redis has seen that the waiting connection is gone
  for (int i = 0; i < 500; ++i) {
    auto info = must(other.call({"INFO", "clients"}));
    if (has(std::string{text_of(*info)}, "blocked_clients:0"))
      break;
    std::this_thread::sleep_for(milliseconds(10));
  }
  must(other.call({"RPUSH", "list", "x"}));
  CAF_CHECK_EQUAL(number_of(*must(other.call({"LLEN", "list"}))), 1);
}

CAF_TEST(a server that dies ends the wait) {
  std::thread killer([this] {
    std::this_thread::sleep_for(milliseconds(50));
    server.kill();
  });
  CAF_CHECK(refused(wait(milliseconds{10000})).code == ec::redis_unavailable);
  killer.join();
  CAF_CHECK(took() < 5000);
  server.restart();
  CAF_CHECK(is_nil(wait(milliseconds{50})));
}

CAF_TEST(a server that freezes ends the wait soon after its limit) {
  must(redis.ensure());
  server.freeze();
  CAF_CHECK(refused(wait(milliseconds{200})).code == ec::redis_unavailable);
  server.thaw();
  CAF_CHECK(took() >= 1000);
  CAF_CHECK(took() < 5000);
}

CAF_TEST_FIXTURE_SCOPE_END()
