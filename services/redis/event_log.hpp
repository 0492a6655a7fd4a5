/// Reads every entry of a queue's event stream.
#pragma once

#include "config/settings.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// One entry.
struct queue_event {
  int64_t at = 0;   ///< ms, by the clock of Redis
  std::string name; ///< "added", "active", "completed", "failed", …
  std::string job_id;
};

/// Not thread-safe: one blocking connection. Begins at the stream's present
/// end; after a lost connection it goes on where it was. What is trimmed before
/// it is read is not seen. See `event_stream` for those who wait for added jobs
/// only.
class event_log {
public:
  event_log(const redis_settings& redis, const queue_settings& queue);

  /// Finds the end to begin at; else the first `next` does.
  status open();

  /// More are read by the next call.
  static constexpr size_t most_entries = 1000;

  /// Waits for up to `limit` for entries.
  /// @returns none at the time limit; ec::cancelled once woken
  result<std::vector<queue_event>> next(std::chrono::milliseconds limit,
                                        const wake_signal& wake);

private:
  redis_connection redis_;
  queue_keys keys_;
  std::string last_id_; ///< of the newest entry seen; empty before `open`
};

} // namespace darkroom
