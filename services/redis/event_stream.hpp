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
class event_stream {
public:
  event_stream(const redis_settings& redis, const queue_settings& queue);

  /// Waits for up to `limit` for new entries.
  /// @returns the jobs added since the last call; ec::cancelled once woken
  result<std::vector<added_job>> next_added(std::chrono::milliseconds limit,
                                            const wake_signal& wake);

private:
  status find_end();
  status look_up(std::vector<added_job>& jobs);

  redis_connection redis_;
  queue_keys keys_;
  std::string last_id_; ///< of the newest entry seen; empty before the first
};

} // namespace darkroom
