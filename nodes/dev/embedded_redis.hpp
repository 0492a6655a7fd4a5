/// Our own redis-server, for `darkroom dev` if no other one answers.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <sys/types.h>

#include <string>

namespace darkroom {

/// Owns the server's process, which ends with this object, or with our process
/// if we are killed.
class embedded_redis {
public:
  /// Starts `redis-server` on a free loopback port and waits until it answers.
  /// It keeps its data in `folder`, and stores every write before it
  /// acknowledges it.
  /// @returns what is missing or wrong
  static result<embedded_redis> start(const std::string& folder);

  ~embedded_redis();
  embedded_redis(embedded_redis&& other) noexcept;
  embedded_redis& operator=(embedded_redis&& other) noexcept;

  uint16_t port() const {
    return port_;
  }

private:
  embedded_redis(pid_t process, uint16_t port);
  void stop();

  pid_t process_ = 0;
  uint16_t port_ = 0;
};

} // namespace darkroom
