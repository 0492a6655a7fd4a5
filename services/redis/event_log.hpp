/// Reads every entry of a queue's event stream.
#pragma once

#include "config/settings.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace darkroom {

/// One entry.
struct queue_event {
  int64_t at = 0;   ///< ms, by the clock of Redis
  std::string name; ///< "added", "active", "completed", "failed", …
  std::string job_id;
  std::string id; ///< of the entry: "1732560000000-0"
  /// Its other fields: "failedReason", "returnvalue", "data", "prev", …
  std::map<std::string, std::string> more;
};

/// What the jobs of events are about.
struct event_subject {
  std::string job_name; ///< empty if the job is gone
  std::string data;     ///< JSON
};

/// Not thread-safe: one blocking connection. Begins at the stream's current
/// end unless it is told where, and continues at the same place after a lost
/// connection. Entries that Redis trims before they are read are missed. If you
/// wait only for added jobs, use `event_stream`.
class event_log {
public:
  event_log(const redis_settings& redis, const queue_settings& queue);

  /// Finds the end to begin at. Without this call the first `next` does it.
  status open();

  /// Begins after an entry, which need not exist: "1732560000000-0".
  void open_after(const std::string& id) {
    last_id_ = id;
  }

  /// Begins at the first entry of this time (ms) or later.
  void open_at(int64_t time);

  /// Begins so that the newest `count` entries come first.
  status open_last(uint32_t count);

  /// The time of the oldest entry that Redis still has, in ms; 0 if it has
  /// none.
  result<int64_t> oldest();

  /// The names and data of jobs by their ids, as far as the jobs are there.
  result<std::map<std::string, event_subject>>
  subjects_of(const std::vector<queue_event>& events);

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
