/// The codec process as seen by its parent: start, kill, find out how it died.
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

/// What a child gets for the whole of its life; it ends at more.
struct child_limits {
  uint64_t memory_bytes = 0; ///< of address space
  /// Of CPU: a day. A child that has used half of it is replaced between two
  /// pictures, so this ends only one that got out of hand.
  std::chrono::seconds cpu{86400};
};

/// "died of SIGSEGV" or "exited with status 3".
std::string to_string(const process_end& end);

/// At most one child at a time. One thread uses it; only kill() and pid() may
/// be called from others.
class codec_child {
public:
  codec_child() = default;
  ~codec_child();
  codec_child(const codec_child&) = delete;
  codec_child& operator=(const codec_child&) = delete;

  /// Starts `program` with an empty environment, no inherited descriptors, its
  /// end of the channel, a pipe as standard error, its own process group,
  /// default signals. Precondition: none runs.
  /// @returns ec::internal if it cannot be started.
  status start(const std::string& program, const child_limits& limits);

  /// Whether one was started, has not ended, and has CPU enough left.
  bool is_fit();

  /// Logs what the child has said since the last time. stop() does so too.
  void log_words();

  /// Closes the channel, gives the child a moment to end, kills it if it does
  /// not, and forgets it.
  process_end stop();

  /// Ends the child at once; stop() is still due.
  void kill();

  /// CPU time that it and its threads have used since it was started; 0 if
  /// none was, or it was reaped.
  std::chrono::nanoseconds cpu_time() const;

  /// Its process id, 0 if there is none.
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
  std::mutex mutex_; // guards that no pid is killed that was reaped
  pid_t pid_ = 0;
};

} // namespace darkroom
