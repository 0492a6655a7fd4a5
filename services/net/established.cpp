#include "services/net/established.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>

namespace darkroom {

namespace {

constexpr const char* established_state = "01"; // TCP_ESTABLISHED of the kernel

std::string proc_word(uint32_t word) {
  char out[9];
  std::snprintf(out, sizeof out, "%08X", word);
  return out;
}

/// An address as /proc/net/tcp and tcp6 write it: words of the machine's byte
/// order, and the port.
std::set<std::string> proc_addresses(const sockaddr& address) {
  char port[6];
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    std::snprintf(port, sizeof port, ":%04X", ntohs(v4.sin_port));
    auto word = proc_word(v4.sin_addr.s_addr);
    auto mapped = proc_word(0) + proc_word(0) + proc_word(htonl(0xffff)) + word;
    return {word + port, mapped + port};
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  std::snprintf(port, sizeof port, ":%04X", ntohs(v6.sin6_port));
  std::string out;
  for (size_t i = 0; i < 4; ++i) {
    uint32_t word = 0;
    std::memcpy(&word, v6.sin6_addr.s6_addr + 4 * i, sizeof word);
    out += proc_word(word);
  }
  return {out + port};
}

result<std::set<std::string>> wanted_addresses(const endpoint& where) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  auto failed = ::getaddrinfo(
    where.host.c_str(), std::to_string(where.port).c_str(), &hints, &found);
  if (failed != 0)
    return fail(ec::not_found, "there is no host '" + where.host
                                 + "': " + ::gai_strerror(failed));
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner{found, ::freeaddrinfo};
  std::set<std::string> out;
  for (const auto* x = found; x != nullptr; x = x->ai_next)
    out.merge(proc_addresses(*x->ai_addr));
  return out;
}

} // namespace

result<bool> is_established(const endpoint& where) {
  auto wanted = wanted_addresses(where);
  if (!wanted)
    return std::move(wanted.error());
  bool is_readable = false;
  for (const auto* table : {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
    std::ifstream file{table};
    is_readable = is_readable || file.good();
    std::string line;
    while (std::getline(file, line)) { // "0: local remote state …"
      std::istringstream columns{line};
      std::string number, local, remote, state;
      columns >> number >> local >> remote >> state;
      if (state == established_state && wanted->count(remote) > 0)
        return true;
    }
  }
  if (!is_readable)
    return fail(ec::internal, "/proc/self/net/tcp cannot be read");
  return false;
}

} // namespace darkroom
