/// The connection's calls that wait for a blocking command or a message.
#include "services/redis/connection.hpp"

#include <hiredis/hiredis.h>
#include <poll.h>

#include <cerrno>

namespace darkroom {

namespace {

/// Waits until the socket is readable or the signal is raised.
/// @returns 1 readable, 0 time limit, -1 woken
int wait_readable(int socket, int wake, std::chrono::milliseconds limit) {
  auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
    pollfd fds[] = {{socket, POLLIN, 0}, {wake, POLLIN, 0}};
    auto timeout = left.count() > 0 ? static_cast<int>(left.count()) : 0;
    auto ready = ::poll(fds, 2, timeout);
    if (ready < 0 && errno == EINTR)
      continue;
    if (fds[1].revents != 0)
      return -1;
    return fds[0].revents != 0 ? 1 : 0;
  }
}

} // namespace

result<redis_reply>
redis_connection::call_interruptible(const redis_command& command,
                                     std::chrono::milliseconds limit,
                                     const wake_signal& wake) {
  auto ready = ensure();
  if (!ready)
    return std::move(ready.error());
  auto sent = send(command);
  if (!sent)
    return std::move(sent.error());
  // A second of slack: Redis answers at the limit, the network takes time.
  auto waited = wait_readable(context_->fd, wake.descriptor(),
                              limit + std::chrono::seconds(1));
  if (waited > 0)
    return read_reply();
  if (waited == 0)
    return broken("waiting for a blocking command");
  context_.reset(); // the command still blocks in Redis: drop it
  return fail(ec::cancelled, "woken while waiting for Redis");
}

result<redis_reply>
redis_connection::next_message(std::chrono::milliseconds limit,
                               const wake_signal& wake) {
  if (!context_)
    return broken("waiting for a message");
  void* raw = nullptr;
  if (redisGetReplyFromReader(context_.get(), &raw) != REDIS_OK)
    return broken("reading a message");
  if (raw != nullptr)
    return redis_reply{static_cast<redisReply*>(raw)};
  auto waited = wait_readable(context_->fd, wake.descriptor(), limit);
  if (waited == 0)
    return redis_reply{};
  if (waited < 0)
    return fail(ec::cancelled, "woken while waiting for a message");
  return read_reply();
}

} // namespace darkroom
