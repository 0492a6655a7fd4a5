/// Sends and receives frames over one end of a socket pair.
#pragma once

#include "messages/result.hpp"
#include "services/codec/codec_wire.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace darkroom {

/// Owns the socket. Use it from one thread at a time. Never raises SIGPIPE.
class frame_channel {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Tells until when to wait. Called again at that moment; waiting ends when
  /// the answer is a moment that has passed.
  using patience = std::function<time_point()>;

  frame_channel() = default;
  /// Takes ownership of `fd`, a stream socket.
  explicit frame_channel(int fd);
  ~frame_channel();
  frame_channel(frame_channel&& other) noexcept;
  frame_channel& operator=(frame_channel&& other) noexcept;

  bool is_open() const {
    return fd_ >= 0;
  }

  void close();

  /// Sends all the bytes.
  /// @returns ec::timed_out at the deadline, ec::protocol if the peer is gone.
  status send(std::string_view bytes, const patience& until);

  status send(std::string_view bytes, time_point deadline);
  status send(const frame& what, time_point deadline);

  /// Receives one frame. Memory grows with the bytes that arrive, not with the
  /// size that was announced.
  /// @returns ec::timed_out, or ec::protocol if the peer is gone or the frame
  ///   is cut off, malformed or larger than allowed.
  result<frame> receive(uint32_t max_body, const patience& until);
  result<frame> receive(uint32_t max_body, time_point deadline);

  /// Waits until a frame begins to arrive, or `other` is readable.
  /// @returns whether it is a frame, or the end of the stream; ec::timed_out.
  result<bool> wait_for_frame_or(int other, const patience& until);

private:
  status receive(std::string& into, size_t count, const patience& until);
  status wait_for(short events, const patience& until);
  result<short> wait_for(short events, int other, const patience& until);

  int fd_ = -1;
};

} // namespace darkroom
