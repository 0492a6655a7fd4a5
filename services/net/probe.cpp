#include "services/net/probe.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

namespace darkroom {

namespace {

class socket_handle {
public:
  explicit socket_handle(int fd) : fd_(fd) {}
  ~socket_handle() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  socket_handle(const socket_handle&) = delete;
  socket_handle& operator=(const socket_handle&) = delete;
  int get() const {
    return fd_;
  }

private:
  int fd_;
};

/// @returns 0 or an errno
int try_connect(const addrinfo& to, std::chrono::milliseconds limit) {
  socket_handle fd{::socket(to.ai_family,
                            to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                            to.ai_protocol)};
  if (fd.get() < 0)
    return errno;
  if (::connect(fd.get(), to.ai_addr, to.ai_addrlen) == 0)
    return 0;
  if (errno != EINPROGRESS)
    return errno;
  pollfd wait{fd.get(), POLLOUT, 0};
  if (::poll(&wait, 1, static_cast<int>(limit.count())) <= 0)
    return ETIMEDOUT;
  int failure = 0;
  socklen_t size = sizeof failure;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &failure, &size);
  return failure;
}

/// Reuses addresses, like CAF: a port that was just closed counts as free.
/// @returns 0 or an errno
int try_bind(const addrinfo& to) {
  socket_handle fd{
    ::socket(to.ai_family, to.ai_socktype | SOCK_CLOEXEC, to.ai_protocol)};
  if (fd.get() < 0)
    return errno;
  int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return ::bind(fd.get(), to.ai_addr, to.ai_addrlen) == 0 ? 0 : errno;
}

using address_list = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

result<address_list> addresses_of(const endpoint& where, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  auto failure = ::getaddrinfo(
    where.host.c_str(), std::to_string(where.port).c_str(), &hints, &found);
  if (failure != 0)
    return fail(ec::not_found, text_of(where) + ": " + ::gai_strerror(failure));
  return address_list{found, ::freeaddrinfo};
}

} // namespace

std::string text_of(const endpoint& where) {
  return where.host + ":" + std::to_string(where.port);
}

result<endpoint> parse_endpoint(const std::string& text) {
  auto colon = text.rfind(':');
  endpoint out;
  if (colon != std::string::npos) {
    out.host = text.substr(0, colon);
    if (out.host.starts_with('[') && out.host.ends_with(']'))
      out.host = out.host.substr(1, out.host.size() - 2);
    auto is_host = !out.host.empty()
                   && out.host.find_first_of("[]") == std::string::npos;
    const auto* first = text.data() + colon + 1;
    const auto* last = text.data() + text.size();
    auto [end, failure] = std::from_chars(first, last, out.port);
    if (failure == std::errc{} && end == last && out.port > 0 && is_host)
      return out;
  }
  return fail(ec::bad_config,
              "'" + text
                + "' is not a main node's address: write host:port, for "
                  "example 10.0.0.5:7700");
}

status probe(const endpoint& where, std::chrono::milliseconds limit) {
  auto found = addresses_of(where, 0);
  if (!found)
    return std::move(found.error());
  int why = ECONNREFUSED;
  for (const auto* x = found->get(); x != nullptr; x = x->ai_next) {
    why = try_connect(*x, limit);
    if (why == 0)
      return ok;
  }
  return fail(why == ETIMEDOUT ? ec::timed_out : ec::not_found,
              text_of(where) + ": " + std::strerror(why));
}

status try_listen(const endpoint& where) {
  auto found = addresses_of(where, AI_PASSIVE);
  if (!found)
    return fail(ec::bad_config, "cannot listen on " + found.error().context);
  int why = EADDRNOTAVAIL;
  for (const auto* x = found->get(); x != nullptr; x = x->ai_next) {
    why = try_bind(*x);
    if (why == 0)
      return ok;
  }
  return fail(why == EADDRINUSE ? ec::conflict : ec::bad_config,
              "cannot listen on " + text_of(where) + ": " + std::strerror(why));
}

} // namespace darkroom
