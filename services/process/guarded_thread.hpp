/// Threads that do not end silently.
///
/// A thread whose function throws has left its owner half alive: a process
/// that answers nobody, or waits for ever. So what escapes is logged, and the
/// process ends, for systemd or Kubernetes to start anew: as when a supervisor
/// gives up. All threads of ours are started here; a test looks for others.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace darkroom {

/// Call it in a `catch`: logs the exception that is being handled, and ends
/// the process with exit code 1.
/// @param who as the subject of a sentence: "http_server's I/O thread"
[[noreturn]] void end_process(const std::string& who) noexcept;

/// What an exception says that is being handled. Call it in a `catch`.
std::string current_exception_text();

/// `run`, for a callback that must not be lost: what it throws ends the
/// process.
template <class F>
auto guarded(std::string who, F run) {
  return [who = std::move(who), run = std::move(run)](auto&&... xs) mutable {
    try {
      return run(std::forward<decltype(xs)>(xs)...);
    } catch (...) {
      end_process(who);
    }
  };
}

/// Starts a thread. What escapes `run` ends the process.
std::thread guarded_thread(std::string who, std::function<void()> run);

} // namespace darkroom
