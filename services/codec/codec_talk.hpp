/// The talk with one codec process: starts it, sends requests, receives
/// answers, and says what became of it.
#pragma once

#include "messages/result.hpp"
#include "services/codec/codec_child.hpp"
#include "services/codec/codec_tally.hpp"
#include "services/codec/codec_wire.hpp"
#include "services/codec/frame_channel.hpp"
#include "services/codec/picture_file.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace darkroom {

/// One task at a time: `begin`, any number of `send` and `receive`, `end`. All
/// methods belong to one thread; only cancel() and child() may be called from
/// any thread.
class codec_talk {
public:
  using time_point = frame_channel::time_point;

  /// @param tally counts the children that were replaced
  codec_talk(std::string program, const imaging_settings& settings,
             std::shared_ptr<codec_tally> tally);

  /// Longer edge of the vision model's JPEG, in pixels, from the next picture
  /// on.
  void set_vision_edge(uint32_t edge) {
    settings_.vision_edge = edge;
  }

  /// Begins a task; starts a child if none is fit. Replaces one that has made
  /// its pictures or keeps too much memory.
  /// @param task for errors: "'a.jpg' (variants)"
  status begin(std::string task, time_point deadline);

  /// Sends a request, and the file as the picture that belongs to it.
  /// @param file is read from its beginning; null = none
  status send(codec_request request, picture_file* file = nullptr);

  /// Receives the next answer.
  /// @returns the error in it, or why there is none
  result<codec_response> receive();

  /// Waits for the next answer, or until `fd` is readable.
  /// @returns whether an answer comes
  result<bool> wait_for_answer_or(int fd);

  /// Whether the child may be used further: all answers so far were whole.
  bool is_usable() const {
    return !is_broken_;
  }

  /// For a child whose answers make no sense: end() will end it.
  error distrust(const std::string& why);

  /// Ends the task. After an error of the talk itself the child is dead, late,
  /// or in the middle of a frame: ends it, too.
  /// @param outcome the error that ended the task, if any
  /// @returns `outcome`, in words for people; ec::cancelled after cancel()
  status end(status outcome);

  /// Ends the running task with ec::cancelled; does nothing if none runs.
  void cancel();

  /// The process id of the child, 0 if none runs.
  pid_t child() {
    return child_.pid();
  }

private:
  status start_child();
  void replace_if_worn();
  bool keeps_too_much();
  frame_channel::patience patience() const;
  error explain(const error& why);
  bool is_cancelled();
  bool end_task();

  std::string program_;
  imaging_settings settings_;
  std::shared_ptr<codec_tally> tally_;
  codec_child child_;
  uint32_t pictures_ = 0; ///< that this child got
  std::string task_;
  time_point began_;
  time_point deadline_;
  bool is_broken_ = false;                ///< the child must not be used again
  std::chrono::nanoseconds cpu_limit_{0}; ///< for the child's whole life
  std::mutex mutex_;                      // guards both flags
  bool is_busy_ = false;
  bool is_cancelled_ = false;
};

} // namespace darkroom
