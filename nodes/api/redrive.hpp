/// Puts dead letters back in line at a rate, in the background.
#pragma once

#include "config/settings.hpp"
#include "services/redis/job_filter.hpp"
#include "services/redis/queue_admin.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace darkroom {

struct redrive_request {
  job_filter which;
  std::string cause;                 ///< of `cause_of`; empty = any
  uint64_t limit = 0;                ///< jobs; 0 = all
  std::chrono::microseconds pace{0}; ///< at least this between two jobs
};

struct redrive_state {
  std::string name = "none"; ///< none, running, done, stopped or failed
  uint64_t redriven = 0;
  uint64_t refused = 0;   ///< jobs that changed their state meanwhile
  int64_t started_at = 0; ///< ms
  int64_t ended_at = 0;   ///< ms; 0 while it runs
  std::string error;      ///< why it failed
};

/// One run at a time, with a thread and a connection of its own. Thread-safe.
class redrive {
public:
  redrive(const redis_settings& redis, const queue_settings& queue);
  /// Stops a run.
  ~redrive();

  /// Starts a run; the jobs get all their attempts, the oldest first.
  /// @returns ec::conflict while one is under way
  status start(redrive_request what);

  /// Asks the run to stop before the next dead letter that it looks at; returns
  /// once it has.
  void stop();

  redrive_state state();

private:
  void run(const redrive_request& what);
  /// Waits until it is the next job's turn. @returns false if asked to stop
  bool wait_until(std::chrono::steady_clock::time_point turn);

  queue_admin admin_; ///< used by the run's thread only
  std::mutex mutex_;  ///< of all below
  std::condition_variable changed_;
  redrive_state state_;
  bool is_stopping_ = false;
  std::thread thread_;
};

} // namespace darkroom
