/// Waits for the signals that end a node.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace darkroom {

/// Blocks TERM, INT and HUP in this thread and all threads that it starts. Call
/// it before anything starts a thread.
void block_signals();

/// Waits for TERM or INT; meanwhile TSTP calls `quiet`, and HUP `reload`. Then
/// runs `drain` in its own thread and returns its exit code. A second signal
/// calls `force`. A third signal, or a drain that takes longer than `limit`,
/// ends the process with 4. An INT within a second after another one is the
/// same Ctrl-C, which a terminal and a program in between both passed on.
int serve_until_signal(const std::function<void()>& quiet,
                       const std::function<int()>& drain,
                       const std::function<void()>& force,
                       std::chrono::milliseconds limit,
                       const std::function<void()>& reload);

/// Waits for TERM or INT for up to `limit`. @returns whether one came
bool is_told_to_stop(std::chrono::milliseconds limit);

/// @returns whether a HUP came since the last call
bool is_told_to_reload();

/// Ends the process with `code` if it still runs after `limit`.
/// @param why what the log says then
void leave_within(std::chrono::milliseconds limit, int code, std::string why);

} // namespace darkroom
