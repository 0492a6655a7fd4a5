/// A chaos run in the main node's own process, for its page.
#pragma once

#include "config/settings.hpp"
#include "nodes/chaos/run.hpp"

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace darkroom {

/// One run at a time, in a thread of its own, which talks to the node as
/// `darkroom chaos` does. Thread-safe.
class chaos_runner {
public:
  /// @param config outlives the runner
  explicit chaos_runner(const settings& config) : config_(config) {}

  /// Ends a run.
  ~chaos_runner();

  /// Begins a run. @returns ec::conflict while it does something else
  status start(const chaos_options& options);

  /// Begins one action, without jobs and verdict. @returns the same
  /// @param url of the main node
  status start(const std::string& url, const plan_step& step);

  /// Stops all harm at once; the verdict comes when the jobs have ended, or at
  /// a second call. Without a run it does nothing.
  void stop();

  /// {"running", "seed", "lines": […], "outcome": {…}, "error"}; null before
  /// the first run. "seed" and "outcome" are null where there is none.
  nlohmann::json status_json();

private:
  /// What is done, in a thread of its own. @returns its outcome, null if none
  using work = std::function<result<nlohmann::json>(const chaos_hooks&)>;

  status begin(uint64_t seed, work what);
  void run(const work& what);
  std::string wait(std::chrono::milliseconds limit);
  void note(const std::string& line);

  const settings& config_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_; ///< none before the first run
  bool running_ = false;
  bool ends_ = false;             ///< the process does
  bool told_ = false;             ///< to stop, and the run does not know yet
  uint64_t seed_ = 0;             ///< of the present or last run; 0 = none
  std::deque<std::string> lines_; ///< the newest that it told
  nlohmann::json outcome_;
  std::string error_;
};

} // namespace darkroom
