/// What a question that may block was answered last.
#pragma once

#include "services/process/guarded_thread.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace darkroom {

/// Asks in a thread of its own, one question at a time, so that nobody who
/// wants to know waits for longer than he likes. Thread-safe.
template <class T>
class last_answer {
public:
  using clock = std::chrono::steady_clock;

  struct known {
    std::optional<T> value;           ///< none: no question was answered yet
    std::chrono::milliseconds age{0}; ///< since that question began
  };

  /// @param who the thread, as the subject of a sentence
  /// @param ask blocks; outlives this object
  last_answer(std::string who, std::function<T()> ask) : ask_(std::move(ask)) {
    thread_ = guarded_thread(std::move(who), [this] { run(); });
  }

  /// Waits for the question that is under way.
  ~last_answer() {
    {
      std::lock_guard guard{mutex_};
      ends_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  last_answer(const last_answer&) = delete;
  last_answer& operator=(const last_answer&) = delete;

  /// The answer to a question that begins now, if it comes within `patience`;
  /// else the one before it. At once, where one is under way for longer.
  known get(std::chrono::milliseconds patience) {
    std::unique_lock lock{mutex_};
    auto hangs = begun_ > ended_ && clock::now() - began_at_ >= patience;
    if (!hangs) {
      auto mine = begun_ + 1;
      wanted_ = std::max(wanted_, mine);
      changed_.notify_all();
      changed_.wait_for(lock, patience,
                        [&] { return ended_ >= mine || ends_; });
    }
    auto age = value_ ? clock::now() - asked_at_ : clock::duration{0};
    return {value_, std::chrono::duration_cast<std::chrono::milliseconds>(age)};
  }

private:
  void run() {
    std::unique_lock lock{mutex_};
    for (;;) {
      changed_.wait(lock, [this] { return wanted_ > begun_ || ends_; });
      if (ends_)
        return;
      ++begun_;
      began_at_ = clock::now();
      lock.unlock();
      auto answer = ask_();
      lock.lock();
      value_ = std::move(answer);
      asked_at_ = began_at_;
      ended_ = begun_;
      changed_.notify_all();
    }
  }

  const std::function<T()> ask_;
  std::mutex mutex_; ///< of all below
  std::condition_variable changed_;
  uint64_t wanted_ = 0, begun_ = 0, ended_ = 0; ///< questions
  clock::time_point began_at_;
  std::optional<T> value_;
  clock::time_point asked_at_; ///< when the question for `value_` began
  bool ends_ = false;
  std::thread thread_;
};

} // namespace darkroom
