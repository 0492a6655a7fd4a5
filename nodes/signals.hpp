/// Waits for the signals that end a node.
#pragma once

#include <chrono>
#include <functional>

namespace darkroom {

/// Blocks TERM, INT and HUP in this thread and all threads that it starts. Call
/// it before anything starts a thread.
void block_signals();

/// Waits for TERM or INT; meanwhile TSTP calls `quiet`. Then runs `drain` in
/// its own thread and returns its exit code. A second signal calls `force`. A
/// third signal, or a drain that takes longer than `limit`, ends the process
/// with 4.
int serve_until_signal(const std::function<void()>& quiet,
                       const std::function<int()>& drain,
                       const std::function<void()>& force,
                       std::chrono::milliseconds limit);

/// Waits for TERM or INT for up to `limit`. @returns whether one came
bool is_told_to_stop(std::chrono::milliseconds limit);

/// Ends the process with 4 if it still runs after `limit`.
void leave_within(std::chrono::milliseconds limit);

} // namespace darkroom
