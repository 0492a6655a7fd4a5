/// Runs chaos in the main node's own process, for its page.
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

/// One run at a time, in its own thread, which talks to the node like `darkroom
/// chaos`. Thread-safe.
class chaos_runner {
public:
  /// @param config must outlive the runner
  explicit chaos_runner(const settings& config) : config_(config) {}

  /// Ends a run.
  ~chaos_runner();

  /// Begins a run. @returns ec::conflict while another run or action is under
  /// way
  status start(const chaos_options& options);

  /// Begins one action, without jobs and verdict. @returns the same error
  status start(const main_address& main, const plan_step& step);

  /// Stops all harm at once. The verdict comes when the jobs have ended, or at
  /// a second call. Does nothing without a run.
  void stop();

  /// {"running", "seed", "lines": […], "outcome": {…}, "error"}; null before
  /// the first run. "seed" and "outcome" are null if they do not exist.
  nlohmann::json status_json();

private:
  /// The work of the thread. @returns its outcome, or null
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
  bool ends_ = false;             ///< the process ends
  bool told_ = false;             ///< to stop; the run has not noticed yet
  uint64_t seed_ = 0;             ///< of the current or last run; 0 = none
  std::deque<std::string> lines_; ///< the newest lines of the run
  nlohmann::json outcome_;
  std::string error_;
};

} // namespace darkroom
