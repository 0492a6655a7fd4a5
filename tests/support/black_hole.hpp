/// A port that never accepts.
#pragma once

#include "tests/support/test.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <vector>

namespace darkroom::test {

/// Listens on a loopback port and fills its queue of waiting connections. The
/// kernel then drops further ones, like a firewall.
class black_hole {
public:
  black_hole() {
    sockets_.push_back(open());
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(place);
    auto* address = reinterpret_cast<sockaddr*>(&place);
    if (::bind(sockets_[0], address, size) != 0 || ::listen(sockets_[0], 0) != 0
        || ::getsockname(sockets_[0], address, &size) != 0)
      CAF_FAIL("no port to fill");
    port_ = ntohs(place.sin_port);
    // Connects until a connection is neither accepted nor refused.
    for (int i = 0; i < 64; ++i) {
      auto fd = open();
      sockets_.push_back(fd);
      (void)::connect(fd, address, size);
      pollfd wait{fd, POLLOUT, 0};
      if (::poll(&wait, 1, 100) == 0)
        return;
    }
    CAF_FAIL("the port accepts without end");
  }
  black_hole(const black_hole&) = delete;
  black_hole& operator=(const black_hole&) = delete;
  ~black_hole() {
    for (auto fd : sockets_)
      ::close(fd);
  }

  uint16_t port() const {
    return port_;
  }

private:
  static int open() {
    return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  }

  std::vector<int> sockets_;
  uint16_t port_ = 0;
};

} // namespace darkroom::test
