#include "services/redis/subscription.hpp"

#include <hiredis/hiredis.h>

namespace darkroom {

subscription::subscription(const redis_settings& redis, std::string channel)
  : redis_(redis),
    channel_(std::move(channel)) {}

status subscription::subscribe() {
  auto reply = redis_.call({"SUBSCRIBE", channel_});
  if (!reply)
    return std::move(reply.error());
  subscribed_ = true;
  return ok;
}

result<std::string> subscription::next(std::chrono::milliseconds limit,
                                       const wake_signal& wake) {
  if (!subscribed_)
    if (auto done = subscribe(); !done)
      return std::move(done.error());
  auto message = redis_.next_message(limit, wake);
  if (!message) {
    subscribed_ = message.error().code == ec::cancelled;
    return std::move(message.error());
  }
  // ["message", channel, text]; null at the time limit
  const auto* reply = message->get();
  if (reply == nullptr || reply->elements != 3
      || text_of(*reply->element[0]) != "message")
    return std::string{};
  return std::string{text_of(*reply->element[2])};
}

} // namespace darkroom
