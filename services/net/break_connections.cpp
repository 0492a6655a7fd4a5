#include "services/net/break_connections.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

namespace darkroom {

namespace {

/// All descriptors of this process; some may be closed by the time they are
/// used.
std::vector<int> open_descriptors() {
  std::vector<int> out;
  std::error_code failure;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/self/fd", failure)) {
    auto name = entry.path().filename().string();
    int fd = -1;
    std::from_chars(name.data(), name.data() + name.size(), fd);
    out.push_back(fd);
  }
  return out;
}

bool is_connected_to(int fd, const addrinfo& where) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0
      || peer.ss_family != where.ai_family)
    return false;
  if (peer.ss_family == AF_INET) {
    const auto& a = reinterpret_cast<const sockaddr_in&>(peer);
    const auto& b = *reinterpret_cast<const sockaddr_in*>(where.ai_addr);
    return a.sin_port == b.sin_port && a.sin_addr.s_addr == b.sin_addr.s_addr;
  }
  const auto& a = reinterpret_cast<const sockaddr_in6&>(peer);
  const auto& b = *reinterpret_cast<const sockaddr_in6*>(where.ai_addr);
  return a.sin6_port == b.sin6_port
         && std::memcmp(&a.sin6_addr, &b.sin6_addr, sizeof a.sin6_addr) == 0;
}

} // namespace

void break_connections(const endpoint& where) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(where.host.c_str(), std::to_string(where.port).c_str(),
                    &hints, &found)
      != 0)
    return;
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner{found, ::freeaddrinfo};
  for (auto fd : open_descriptors()) {
    // The owner may close its descriptor meanwhile, and another file may get
    // its number. Our duplicate makes sure that we shut down the one we
    // checked.
    auto ours = ::dup(fd);
    if (ours < 0)
      continue;
    for (const auto* x = found; x != nullptr; x = x->ai_next)
      if (is_connected_to(ours, *x))
        ::shutdown(ours, SHUT_RDWR);
    ::close(ours);
  }
}

} // namespace darkroom
