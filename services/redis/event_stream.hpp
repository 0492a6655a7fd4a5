/// Reads a queue's event stream, like BullMQ's QueueEvents.
#pragma once

#include "config/settings.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace darkroom {

/// A job that a producer added.
struct added_job {
  std::string id;
  std::string name;
  std::string data;     ///< JSON; empty if the job is gone already
  uint64_t waiting = 0; ///< jobs in line when this one was seen
};

/// Not thread-safe: one blocking connection. Starts at the stream's current
/// end, and continues at the same place after a lost connection.
///
/// While jobs run, most entries report their starts and ends. Reading and
/// skipping these would cost Redis a tenth of its time. After a read without an
/// added job, the stream therefore pauses, and then jumps to the end unless the
/// counter of ids shows that a job was added.
class event_stream {
public:
  event_stream(const redis_settings& redis, const queue_settings& queue);

  /// Waits for up to `limit` for new entries.
  /// @returns the jobs added since the last call; ec::cancelled once woken
  result<std::vector<added_job>> next_added(std::chrono::milliseconds limit,
                                            const wake_signal& wake);

private:
  /// The stream's end, and the counter of ids at that moment.
  struct position {
    std::string last_id;
    int64_t count = 0;
    bool goes_on = false; ///< it is still the stream that we have read
  };

  result<position> find_end();
  result<std::vector<added_job>> catch_up();
  result<std::vector<added_job>> take(const redisReply& entries);
  status look_up(std::vector<added_job>& jobs);

  redis_connection redis_;
  queue_keys keys_;
  std::string last_id_;    ///< of the newest entry seen; empty before the first
  int64_t count_ = 0;      ///< of ids given, as far as we have read
  bool is_vain_ = false;   ///< the last read held no added job
  bool is_behind_ = false; ///< more entries are left before the end that we saw
};

} // namespace darkroom
