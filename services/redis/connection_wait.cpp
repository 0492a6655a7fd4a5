/// The connection's calls that wait for a blocking command or a message.
#include "services/redis/connection.hpp"

#include <hiredis/hiredis.h>

namespace darkroom {

namespace {

/// Redis answers at the limit, and the network takes time.
constexpr std::chrono::seconds slack{1};

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
  auto reply = read_until(std::chrono::steady_clock::now() + limit + slack,
                          &wake);
  if (!reply && reply.error().code == ec::timed_out)
    return broken("waiting for a blocking command", reply.error());
  if (!reply && reply.error().code == ec::cancelled)
    close(); // the command still blocks in Redis: drop it
  return reply;
}

result<redis_reply>
redis_connection::next_message(std::chrono::milliseconds limit,
                               const wake_signal& wake) {
  if (!socket_)
    return broken("waiting for a message",
                  fail(ec::redis_unavailable, "the connection was lost"));
  auto reply = read_until(std::chrono::steady_clock::now() + limit, &wake);
  if (!reply && reply.error().code == ec::timed_out)
    return redis_reply{};
  return reply;
}

} // namespace darkroom
