/// Threads that do not end silently.
///
/// A thread whose function throws leaves its owner half alive: the process
/// answers nobody, or waits forever. Here, an exception that nobody catches is
/// logged and ends the process, so that systemd or Kubernetes restarts it; the
/// same happens when a supervisor gives up. Darkroom starts all its threads
/// here, and a test looks for others.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace darkroom {

/// Call it in a `catch`: logs the current exception and ends the process with
/// exit code 1.
/// @param who the subject of a sentence: "http_server's I/O thread"
[[noreturn]] void end_process(const std::string& who) noexcept;

/// The text of the current exception. Call it in a `catch`.
std::string current_exception_text();

/// Calls `run`, a callback that must not fail unnoticed: if it throws, the
/// process ends.
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

/// Starts a thread. If `run` throws, the process ends.
std::thread guarded_thread(std::string who, std::function<void()> run);

} // namespace darkroom
