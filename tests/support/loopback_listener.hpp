#pragma once

#include <arpa/inet.h>
#include <caf/test/unit_test.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>

namespace darkroom {

/// A loopback port that accepts connections and says nothing.
class loopback_listener {
public:
  loopback_listener() {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(place);
    auto* any = reinterpret_cast<sockaddr*>(&place);
    if (::bind(fd_, any, size) != 0 || ::listen(fd_, 128) != 0
        || ::getsockname(fd_, any, &size) != 0)
      CAF_FAIL("cannot listen on loopback");
    port_ = ntohs(place.sin_port);
  }
  ~loopback_listener() {
    close();
  }

  void close() {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = -1;
  }

  uint16_t port() const {
    return port_;
  }

private:
  int fd_ = -1;
  uint16_t port_ = 0;
};

} // namespace darkroom
