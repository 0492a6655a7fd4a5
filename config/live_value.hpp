/// A value that one thread replaces while others read it.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

namespace darkroom {

/// Thread-safe.
template <class T>
class live_value {
public:
  explicit live_value(T first) : now_(std::move(first)) {}

  T get() const {
    std::lock_guard guard{mutex_};
    return now_;
  }

  void set(T next) {
    {
      std::lock_guard guard{mutex_};
      now_ = std::move(next);
    }
    ++round_;
  }

  /// Rises with each `set`. Who reads it before `get` gets a value that is at
  /// least that new.
  uint64_t round() const {
    return round_;
  }

private:
  mutable std::mutex mutex_; ///< guards `now_`
  T now_;
  std::atomic<uint64_t> round_ = 0;
};

} // namespace darkroom
