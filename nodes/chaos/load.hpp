/// The load of a chaos run: adds its jobs, and reads how they end.
#pragma once

#include "config/settings.hpp"
#include "nodes/chaos/account.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/event_log.hpp"
#include "services/redis/job_queue.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace darkroom {

/// The jobs of a run. Each has its own id, which names the run.
struct load_options {
  std::string run; ///< "chaos-3f2a…": how the ids begin
  uint64_t jobs = 0;
  std::chrono::milliseconds duration{0}; ///< over which they are added
  std::string picture; ///< below the uploads folder; empty: `sleep` jobs
};

/// Three threads, each with its own Redis connection, so that none waits for
/// another: one adds jobs, one reads the queue's events, one hears where jobs
/// run. Each continues once Redis is back.
class chaos_load {
public:
  chaos_load(const settings& config, load_options options);

  /// Ends the threads.
  ~chaos_load();

  /// Starts reading, then adding. @returns why Redis refuses
  status start();

  /// Stops adding jobs. Returns at once.
  void stop_adding();

  void acted(const plan_step& step);

  /// How many jobs have not ended, judged by events and by their hashes.
  result<size_t> count_open();

  /// Reads all hashes and the rest of the stream, and judges.
  result<chaos_verdict> judge();

private:
  void add_all();
  void read_events();
  void hear_places();
  bool add_batch(job_queue& queue, uint64_t first, uint64_t count);
  new_job job_of(uint64_t number) const;
  status look_at(const std::vector<std::string>& ids);
  int64_t redis_now() const;

  const settings config_;
  const load_options options_;
  int64_t clock_ahead_ = 0; ///< ms, of Redis's clock
  event_log log_;
  job_queue looker_; ///< of the caller's thread
  std::atomic<bool> adding_ = true;
  std::atomic<uint64_t> reads_ = 0; ///< reads that reached the stream's end
  wake_signal ending_;
  std::atomic<bool> ends_ = false;
  std::mutex mutex_;
  chaos_account account_; ///< under the mutex
  std::vector<std::thread> threads_;
};

} // namespace darkroom
