#define CAF_SUITE break_connections

#include "services/net/break_connections.hpp"
#include "tests/support/test.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace darkroom;

namespace {

/// A listener on loopback and a connection of this process to it.
struct wire {
  int listener = -1;
  int near = -1;
  int far = -1;
  uint16_t port = 0;

  wire() {
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    near = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    auto* any = reinterpret_cast<sockaddr*>(&place);
    if (::bind(listener, any, size) != 0 || ::listen(listener, 8) != 0
        || ::getsockname(listener, any, &size) != 0
        || ::connect(near, any, size) != 0)
      CAF_FAIL("cannot connect on loopback");
    far = ::accept(listener, nullptr, nullptr);
    port = ntohs(place.sin_port);
  }
  wire(const wire&) = delete;
  wire& operator=(const wire&) = delete;
  ~wire() {
    for (int fd : {listener, near, far})
      ::close(fd);
  }

  /// Whether `fd` reads the end of the stream.
  static bool has_ended(int fd) {
    pollfd wait{fd, POLLIN, 0};
    char byte = 0;
    return ::poll(&wait, 1, 0) == 1 && ::read(fd, &byte, 1) == 0;
  }
};

} // namespace

CAF_TEST(both ends see that a connection to the endpoint is gone) {
  wire broken;
  wire other;
  break_connections({"127.0.0.1", broken.port});
  CAF_CHECK(wire::has_ended(broken.near));
  CAF_CHECK(wire::has_ended(broken.far));
  CAF_CHECK(!wire::has_ended(other.near));
  CAF_CHECK(!wire::has_ended(other.far));
}

CAF_TEST(an endpoint that nobody is connected to is left alone) {
  wire kept;
  break_connections({"127.0.0.2", kept.port});
  break_connections({"no-such-host.invalid", kept.port});
  CAF_CHECK(!wire::has_ended(kept.near));
}
