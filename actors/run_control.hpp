/// How a pool stops a job that runs in another thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace darkroom {

/// One per processor, shared by it and its pool. Thread-safe.
class run_control {
public:
  /// Asks the running job to stop: sets the flag and ends `sleep_for`.
  void ask() {
    std::lock_guard guard{mutex_};
    set_cancelled();
  }

  /// Stops the running job: asks it to stop and calls the hook.
  void cancel() {
    std::lock_guard guard{mutex_};
    set_cancelled();
    if (hook_)
      hook_();
  }

  /// Prepares for the next job.
  void reset() {
    std::lock_guard guard{mutex_};
    cancelled_ = false;
  }

  bool is_cancelled() const {
    return cancelled_;
  }

  /// For services that check a flag from time to time.
  const std::atomic<bool>* flag() const {
    return &cancelled_;
  }

  /// Sleeps. @returns false if it was cut short
  bool sleep_for(std::chrono::milliseconds duration) {
    std::unique_lock lock{mutex_};
    return !wake_.wait_for(lock, duration,
                           [this] { return cancelled_.load(); });
  }

  /// Sets the hook that stops the job by force, such as killing the codec
  /// child. It runs in the canceller's thread and may call only `is_cancelled`
  /// of this control. An empty function removes the hook; after that it does
  /// not run any more.
  void on_cancel(std::function<void()> hook) {
    std::lock_guard guard{mutex_};
    hook_ = std::move(hook);
  }

private:
  void set_cancelled() {
    cancelled_ = true;
    wake_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::function<void()> hook_;
  std::atomic<bool> cancelled_ = false; ///< written under the mutex
};

} // namespace darkroom
