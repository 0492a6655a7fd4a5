/// A real redis-server for one test.
#pragma once

#include "config/settings.hpp"
#include "tests/support/scratch.hpp"

#include <sys/types.h>

#include <string>
#include <vector>

namespace darkroom::test {

/// A loopback port on which nobody listens, and that nobody gets who does not
/// ask for it.
uint16_t free_port();

/// Listens on a free loopback port, and keeps nothing on disk unless `more`
/// says so. Ends with the object, and with the test process however that ends.
class redis_server {
public:
  /// @param more options of redis-server, e.g. {"--requirepass", "x"}
  explicit redis_server(std::vector<std::string> more = {});
  redis_server(const redis_server&) = delete;
  redis_server& operator=(const redis_server&) = delete;
  ~redis_server();

  pid_t pid() const {
    return pid_;
  }
  uint16_t port() const {
    return port_;
  }

  redis_settings settings() const;

  /// Ends the server as if the machine lost power.
  void kill();

  /// Kills the server if it runs, and starts it with the same port and files.
  void restart();

  /// Stops its process: connections stay open but get no answers.
  void freeze();

  void thaw();

private:
  bool start();

  /// True once the process we started answers on the port; false after 10 s.
  bool answers();

  scratch_folder folder_;
  std::vector<std::string> more_;
  uint16_t port_ = 0;
  pid_t pid_ = -1;
};

/// One server for all test cases of this process.
redis_server& shared_redis();

} // namespace darkroom::test

namespace darkroom {
using test::redis_server;
} // namespace darkroom
