/// Actors on a real Redis. The suite shares a server; each test has its own
/// queue.
#pragma once

#include "config/clock.hpp"
#include "services/redis/job_queue.hpp"
#include "tests/support/live_system.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

#include <string>
#include <thread>

namespace darkroom {

struct redis_fixture {
  redis_settings redis = test::shared_redis().settings();
  queue_settings settings;
  std::unique_ptr<job_queue> queue;
  live_system live;

  redis_fixture() {
    static int count = 0;
    settings.name = "queue-" + std::to_string(++count);
    settings.limit_max = 0;
    queue = std::make_unique<job_queue>(redis, settings);
  }

  /// Adds a job. @returns its id
  std::string add(const std::string& name = "echo",
                  const std::string& data = "{}") {
    new_job x;
    x.name = name;
    x.data = data;
    x.options = R"({"attempts":3})";
    return must(queue->add({x}, wall_clock_ms())).front();
  }

  queue_counts counts() {
    return must(queue->counts());
  }

  std::string field(const std::string& id, const std::string& name) {
    return must(queue->field(id, name));
  }

  static settlement complete(const job& x) {
    settlement out;
    out.job_id = x.id;
    out.token = x.token;
    out.attempt = x.attempt;
    out.value = "1";
    return out;
  }

  /// How many clients listen to a channel.
  int64_t listeners(const std::string& channel) {
    auto reply = must(queue->connection().call({"PUBSUB", "NUMSUB", channel}));
    return reply->elements == 2 ? number_of(*reply->element[1]) : 0;
  }

  /// Waits until the predicate holds. It polls, because Redis does not report
  /// changes.
  template <class Predicate>
  static void until(Predicate is_so) {
    auto end = std::chrono::steady_clock::now() + patience;
    while (!is_so()) {
      if (std::chrono::steady_clock::now() > end)
        CAF_FAIL("this never came");
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
  }
};

} // namespace darkroom
