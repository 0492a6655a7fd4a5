/// The codec process as its parent sees it: start it, kill it, find out how it
/// ended.
#pragma once

#include "messages/result.hpp"
#include "services/codec/child_words.hpp"
#include "services/codec/frame_channel.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace darkroom {

/// How a process ended.
struct process_end {
  int signal = 0; ///< 0 if it exited by itself
  int status = 0; ///< exit status
};

/// Limits for a child's whole life; the child dies when it exceeds one.
struct child_limits {
  uint64_t memory_bytes = 0; ///< of address space
  /// Of CPU time: a day. A child that has used half of it is replaced between
  /// two pictures, so this limit ends only a child that got out of control.
  std::chrono::seconds cpu{86400};
};

/// "died of SIGSEGV" or "exited with status 3".
std::string to_string(const process_end& end);

/// Runs at most one child at a time. Belongs to one thread; other threads may
/// call only kill() and pid().
class codec_child {
public:
  codec_child() = default;
  ~codec_child();
  codec_child(const codec_child&) = delete;
  codec_child& operator=(const codec_child&) = delete;

  /// Starts `program` with an empty environment, no inherited descriptors, its
  /// end of the channel, a pipe as standard error, its own process group, and
  /// default signals. Precondition: no child is running.
  /// @returns ec::internal if it cannot be started.
  status start(const std::string& program, const child_limits& limits);

  /// Whether a child was started, has not ended, and has enough CPU time left.
  bool is_fit();

  /// Logs what the child has written since the last time. stop() does so, too.
  void log_words();

  /// Closes the channel, gives the child a moment to end, kills it if it does
  /// not, and forgets it.
  process_end stop();

  /// Ends the child at once; stop() must still be called.
  void kill();

  /// The CPU time that the child and its threads have used since it was
  /// started. 0 if none was started or it was reaped.
  std::chrono::nanoseconds cpu_time() const;

  /// The child's resident memory, in bytes. 0 if none runs or /proc does not
  /// tell.
  uint64_t resident_bytes() const;

  /// The child's process id, 0 if there is none.
  pid_t pid();

  frame_channel& channel() {
    return channel_;
  }

private:
  bool has_ended() const;
  bool is_worn() const;

  frame_channel channel_;
  child_words words_;
  child_limits limits_;
  std::mutex mutex_; // makes sure that no reaped pid is killed
  pid_t pid_ = 0;
};

} // namespace darkroom
