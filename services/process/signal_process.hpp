/// Signals for exactly one process, never for a later one with its number.
#pragma once

#include "messages/result.hpp"
#include "services/process/process_identity.hpp"

#include <sys/types.h>

#include <chrono>

namespace darkroom {

/// Kills the process (SIGKILL).
/// @returns ec::not_found where it runs no more or on another machine,
///   ec::conflict where this user may not signal it
status kill_process(const process_identity& whom);

/// Whether `kill_process` and `frozen_process` could do their work.
status may_signal(const process_identity& whom);

/// A process that is stopped (SIGSTOP), until `thaw`, the end of this object,
/// or of its time.
///
/// A child process of ours does both: it stops the other one, waits, and lets
/// it go on (SIGCONT). It also does so at once when this process ends, however
/// that dies. Only where both are killed with SIGKILL the other one stays
/// stopped: `kill -CONT <pid>` then.
class frozen_process {
public:
  /// @returns the errors of `kill_process`, or ec::internal where no child can
  ///   be started
  static result<frozen_process> freeze(const process_identity& whom,
                                       std::chrono::milliseconds duration);

  frozen_process(frozen_process&& other) noexcept;
  frozen_process& operator=(frozen_process&& other) noexcept;
  ~frozen_process();

  /// Lets it go on now. Blocks until the signal is sent: a moment.
  void thaw();

private:
  frozen_process(pid_t guard, int hold) : guard_(guard), hold_(hold) {}

  pid_t guard_ = -1; ///< the child
  int hold_ = -1;    ///< write end of a pipe: closing it ends the wait
};

} // namespace darkroom
