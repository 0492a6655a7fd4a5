/// Wakes a thread that waits for Redis, in
/// `redis_connection::call_interruptible` or `next_message`.
#pragma once

namespace darkroom {

/// Thread-safe; the waiting actor and the one that stops it share it.
class wake_signal {
public:
  wake_signal();
  ~wake_signal();
  wake_signal(const wake_signal&) = delete;
  wake_signal& operator=(const wake_signal&) = delete;

  /// Makes the current wait return, or the next one if nobody waits now.
  void raise();

  /// Forgets a signal that was raised before.
  void clear();

  int descriptor() const {
    return fd_;
  }

private:
  int fd_ = -1;
};

} // namespace darkroom
