/// Reads a queue's event stream, as QueueEvents does.
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
  uint64_t waiting = 0; ///< jobs in line when it was seen
};

/// Not thread-safe: one blocking connection. Starts at the stream's present
/// end; after a lost connection it goes on where it was.
///
/// While jobs run, most entries tell of their starts and ends. Reading them
/// only to pass them over costs Redis a tenth of its time, so after a vain read
/// it pauses, and leaps to the end unless the counter of ids says that a job
/// was added.
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
    bool goes_on = false; ///< it is the stream whose last entry we have seen
  };

  result<position> find_end();
  result<std::vector<added_job>> catch_up();
  result<std::vector<added_job>> take(const redisReply& entries);
  status look_up(std::vector<added_job>& jobs);

  redis_connection redis_;
  queue_keys keys_;
  std::string last_id_;    ///< of the newest entry seen; empty before the first
  int64_t count_ = 0;      ///< of ids given, as far as entries told of them
  bool is_vain_ = false;   ///< the last entries told of no added job
  bool is_behind_ = false; ///< there are more entries up to the end that was
};

} // namespace darkroom
