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

/// Not thread-safe: one blocking connection. Begins at the stream's current
/// end, and continues at the same place after a lost connection. Entries that
/// Redis trims before they are read are missed. If you wait only for added
/// jobs, use `event_stream`.
class event_log {
public:
  event_log(const redis_settings& redis, const queue_settings& queue);

  /// Finds the end to begin at. Without this call the first `next` does it.
  status open();

  /// The most entries per call of `next`.
  static constexpr size_t most_entries = 1000;

  /// Waits for up to `limit` for entries.
  /// @returns an empty list at the time limit; ec::cancelled once woken
  result<std::vector<queue_event>> next(std::chrono::milliseconds limit,
                                        const wake_signal& wake);

private:
  redis_connection redis_;
  queue_keys keys_;
  std::string last_id_; ///< of the newest entry seen; empty before `open`
};

} // namespace darkroom
