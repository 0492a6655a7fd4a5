#define CAF_SUITE established

#include "services/net/established.hpp"
#include "tests/support/must.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace darkroom;

namespace {

/// A socket with a port of its own on loopback.
class local_socket {
public:
  explicit local_socket(int family) : fd_(::socket(family, SOCK_STREAM, 0)) {
    place_.sin6_family = static_cast<sa_family_t>(family);
    if (family == AF_INET)
      reinterpret_cast<sockaddr_in&>(place_).sin_addr.s_addr
        = htonl(INADDR_LOOPBACK);
    else
      place_.sin6_addr = in6addr_loopback;
    size_ = family == AF_INET ? sizeof(sockaddr_in) : sizeof place_;
  }
  local_socket(const local_socket&) = delete;
  local_socket& operator=(const local_socket&) = delete;
  ~local_socket() {
    ::close(fd_);
  }

  uint16_t listen() {
    if (::bind(fd_, address(), size_) != 0 || ::listen(fd_, 8) != 0)
      return 0;
    ::getsockname(fd_, address(), &size_);
    return ntohs(place_.sin6_port);
  }

  bool connect(uint16_t port) {
    place_.sin6_port = htons(port);
    return ::connect(fd_, address(), size_) == 0;
  }

private:
  sockaddr* address() {
    return reinterpret_cast<sockaddr*>(&place_);
  }

  int fd_;
  sockaddr_in6 place_{};
  socklen_t size_ = 0;
};

} // namespace

CAF_TEST(a connection is seen while it is open) {
  for (auto family : {AF_INET, AF_INET6}) {
    local_socket server{family};
    auto port = server.listen();
    if (port == 0 && family == AF_INET6)
      continue; // a machine without IPv6
    endpoint where{family == AF_INET ? "127.0.0.1" : "::1", port};
    CAF_CHECK(!must(is_established(where)));
    {
      local_socket client{family};
      CAF_REQUIRE(client.connect(port));
      CAF_CHECK(must(is_established(where)));
      CAF_CHECK(!must(is_established({"127.0.0.2", port})));
    }
    CAF_CHECK(!must(is_established(where)));
  }
}

CAF_TEST(a host without an address is named) {
  auto why = refused(is_established({"no-such-host.invalid", 1}));
  CAF_CHECK(why.code == ec::not_found);
  CAF_CHECK(why.context.find("no-such-host.invalid") != std::string::npos);
}
