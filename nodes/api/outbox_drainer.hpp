/// Adds jobs of uploads that Redis may not have, because it was down, its
/// answer was lost, or the process died before asking. Also removes what broken
/// uploads left.
#pragma once

#include "config/settings.hpp"
#include "nodes/api/upload_sweeper.hpp"
#include "services/catalog/image_book.hpp"
#include "services/redis/job_queue.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace darkroom {

/// Runs on its own thread, with its own connections. Several processes may
/// drain at once, because the jobs' ids are fixed and Redis adds an id only
/// once.
class outbox_drainer {
public:
  /// Starts at once with the jobs that an earlier process left.
  outbox_drainer(image_book book, const settings& config,
                 const queue_context& context, upload_sweeper sweeper);
  /// Stops. Waits for a try that is under way.
  ~outbox_drainer();
  outbox_drainer(const outbox_drainer&) = delete;
  outbox_drainer& operator=(const outbox_drainer&) = delete;

  /// Call it after a job could not be added.
  void wake();

  /// Whether Redis has taken no jobs since it failed to take one. Another try
  /// would only wait for Redis as well. Thread-safe.
  bool is_behind() const {
    return is_behind_;
  }

private:
  void run();
  /// @returns whether jobs are left
  bool try_drain();
  result<bool> drain();

  image_book book_;
  job_queue queue_;
  upload_sweeper sweeper_;
  std::string options_; ///< of the jobs that are added, JSON
  std::string trouble_; ///< the last one that was logged
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> is_behind_ = false;
  bool has_work_ = true;
  bool is_stopped_ = false;
  std::thread thread_; ///< last: it uses all of the above
};

} // namespace darkroom
