/// Signals exactly one process, never a later one with the same number.
#pragma once

#include "messages/result.hpp"
#include "services/process/process_identity.hpp"

#include <sys/types.h>

#include <chrono>

namespace darkroom {

/// Kills the process (SIGKILL).
/// @returns ec::not_found if it has ended or runs on another machine,
///   ec::conflict if this user may not signal it
status kill_process(const process_identity& whom);

/// Whether `kill_process` and `frozen_process` would be allowed to signal it.
status may_signal(const process_identity& whom);

/// Keeps a process stopped (SIGSTOP) until `thaw`, until this object ends, or
/// until its time is up.
///
/// A child process of ours stops the other process, waits, and lets it continue
/// (SIGCONT). The child also does this at once when our process ends, however
/// it ends. Only if both we and the child are killed with SIGKILL does the
/// other process stay stopped; then use `kill -CONT <pid>`.
class frozen_process {
public:
  /// @returns the errors of `kill_process`, or ec::internal if no child can be
  ///   started
  static result<frozen_process> freeze(const process_identity& whom,
                                       std::chrono::milliseconds duration);

  frozen_process(frozen_process&& other) noexcept;
  frozen_process& operator=(frozen_process&& other) noexcept;
  ~frozen_process();

  /// Lets the process continue now. Blocks for a moment, until the signal is
  /// sent.
  void thaw();

private:
  frozen_process(pid_t guard, int hold) : guard_(guard), hold_(hold) {}

  pid_t guard_ = -1; ///< the child
  int hold_ = -1;    ///< write end of a pipe: closing it ends the wait
};

} // namespace darkroom
