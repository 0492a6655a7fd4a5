/// Keeps the latest answer to a question that may block.
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

/// Asks in its own thread, one question at a time, so that each caller waits
/// only as long as it chooses. Thread-safe.
template <class T>
class last_answer {
public:
  using clock = std::chrono::steady_clock;

  struct known {
    std::optional<T> value; ///< empty until the first question is answered
    std::chrono::milliseconds age{0}; ///< since its question began
  };

  /// @param who names the thread, as the subject of a sentence
  /// @param ask may block; must outlive this object
  last_answer(std::string who, std::function<T()> ask) : ask_(std::move(ask)) {
    thread_ = guarded_thread(std::move(who), [this] { run(); });
  }

  /// Waits for the current question, if there is one.
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

  /// Starts a question and returns its answer if it comes within `patience`,
  /// else the previous answer. Returns the previous answer at once if an
  /// earlier question has already taken longer than that.
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
  std::mutex mutex_; ///< guards all members below
  std::condition_variable changed_;
  uint64_t wanted_ = 0, begun_ = 0, ended_ = 0; ///< numbers of questions
  clock::time_point began_at_;
  std::optional<T> value_;
  clock::time_point asked_at_; ///< when the question for `value_` began
  bool ends_ = false;
  std::thread thread_;
};

} // namespace darkroom
