#include "services/codec/frame_channel.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace darkroom {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t chunk_bytes = 1 << 20; // most bytes per read

// The timeout for poll(): -1 without a deadline, rounded up, at most a minute.
int poll_time(frame_channel::time_point deadline) {
  if (deadline == frame_channel::time_point::max())
    return -1;
  auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 60000));
}

bool must_wait() {
  return errno == EAGAIN || errno == EINTR;
}

frame_channel::patience until(frame_channel::time_point deadline) {
  return [deadline] {
    return deadline;
  };
}

} // namespace

frame_channel::frame_channel(int fd) : fd_(fd) {}

frame_channel::~frame_channel() {
  close();
}

frame_channel::frame_channel(frame_channel&& other) noexcept
  : fd_(std::exchange(other.fd_, -1)) {}

frame_channel& frame_channel::operator=(frame_channel&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

void frame_channel::close() {
  if (fd_ >= 0)
    ::close(fd_);
  fd_ = -1;
}

status frame_channel::send(std::string_view bytes, time_point deadline) {
  return send(bytes, until(deadline));
}

status frame_channel::send(std::string_view bytes, const patience& until) {
  while (!bytes.empty()) {
    auto n = ::send(fd_, bytes.data(), bytes.size(),
                    MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
    } else if (!must_wait()) {
      return fail(ec::protocol, "codec channel was closed by the other side");
    } else if (auto ready = wait_for(POLLOUT, until); !ready) {
      return ready;
    }
  }
  return ok;
}

status frame_channel::send(const frame& what, time_point deadline) {
  auto prefix = pack_prefix(static_cast<uint32_t>(what.head.size()),
                            static_cast<uint32_t>(what.body.size()));
  if (auto sent = send(prefix + what.head, deadline); !sent)
    return sent;
  return send(what.body, deadline);
}

result<frame> frame_channel::receive(uint32_t max_body, time_point deadline) {
  return receive(max_body, until(deadline));
}

result<frame> frame_channel::receive(uint32_t max_body, const patience& until) {
  std::string prefix;
  if (auto got = receive(prefix, frame_prefix_bytes, until); !got)
    return std::move(got.error());
  auto sizes = unpack_prefix(prefix, max_body);
  if (!sizes)
    return std::move(sizes.error());
  frame into;
  if (auto got = receive(into.head, sizes->head, until); !got)
    return std::move(got.error());
  if (auto got = receive(into.body, sizes->body, until); !got)
    return std::move(got.error());
  return into;
}

status frame_channel::receive(std::string& into, size_t count,
                              const patience& until) {
  while (into.size() < count) {
    auto had = into.size();
    auto want = std::min(count - had, chunk_bytes);
    into.resize(had + want);
    auto n = ::recv(fd_, into.data() + had, want, MSG_DONTWAIT);
    into.resize(had + static_cast<size_t>(std::max<ssize_t>(n, 0)));
    if (n > 0)
      continue;
    if (n == 0 || !must_wait())
      return fail(ec::protocol, "codec channel was closed by the other side");
    if (auto ready = wait_for(POLLIN, until); !ready)
      return ready;
  }
  return ok;
}

result<bool> frame_channel::wait_for_frame_or(int other,
                                              const patience& until) {
  auto events = wait_for(POLLIN, other, until);
  if (!events)
    return std::move(events.error());
  return *events != 0;
}

status frame_channel::wait_for(short events, const patience& until) {
  if (auto got = wait_for(events, -1, until); !got)
    return std::move(got.error());
  return ok;
}

// Returns what happened on the channel: 0 if only `other` is readable.
result<short> frame_channel::wait_for(short events, int other,
                                      const patience& until) {
  pollfd waiting[] = {{fd_, events, 0}, {other, POLLIN, 0}};
  for (;;) {
    auto deadline = until();
    auto ready = ::poll(waiting, 2, poll_time(deadline));
    if (ready > 0)
      return waiting[0].revents;
    if (ready < 0 && errno != EINTR)
      return fail(ec::internal, "poll() on the codec channel failed");
    if (auto now = steady_clock::now(); now >= deadline && now >= until())
      return fail(ec::timed_out, "codec channel: no answer in time");
  }
}

} // namespace darkroom
