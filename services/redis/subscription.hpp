/// Listens to one pub/sub channel.
#pragma once

#include "config/settings.hpp"
#include "services/redis/connection.hpp"

#include <chrono>
#include <string>

namespace darkroom {

/// Not thread-safe: one connection. Subscribes again after the connection was
/// lost; messages that were published meanwhile are lost.
class subscription {
public:
  subscription(const redis_settings& redis, std::string channel);

  /// Whether messages come in. If not, `next` subscribes first.
  bool is_subscribed() const {
    return subscribed_;
  }

  /// @returns ec::redis_unavailable while Redis is down
  status subscribe();

  /// Waits for up to `limit` for a message.
  /// @returns its text, or an empty one at the time limit; ec::cancelled once
  /// woken, ec::redis_unavailable while Redis is down
  result<std::string> next(std::chrono::milliseconds limit,
                           const wake_signal& wake);

private:
  redis_connection redis_;
  std::string channel_;
  bool subscribed_ = false;
};

} // namespace darkroom
