#include "services/redis/redis_socket.hpp"

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace darkroom {

namespace {

using steady = std::chrono::steady_clock;

error ended(std::string reason) {
  return fail(ec::redis_unavailable, std::move(reason));
}

error ended(const tls_step& last) {
  return fail(last.how == tls_progress::failed ? ec::protocol
                                               : ec::redis_unavailable,
              last.reason);
}

/// What a call of recv or send did.
tls_step step_after(ssize_t returned, tls_progress blocked) {
  if (returned > 0)
    return {tls_progress::done, static_cast<size_t>(returned), {}};
  if (returned == 0)
    return {tls_progress::ended, 0, "it closed the connection"};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
    return {blocked, 0, {}};
  return {tls_progress::ended, 0, std::strerror(errno)};
}

/// Waits until the socket is ready for `how`.
/// @returns ec::timed_out or ec::cancelled
status await(int fd, tls_progress how, redis_socket::time_point deadline,
             const wake_signal* wake) {
  auto events = how == tls_progress::wants_write ? POLLOUT : POLLIN;
  for (;;) {
    pollfd fds[] = {{fd, static_cast<short>(events), 0},
                    {wake != nullptr ? wake->descriptor() : -1, POLLIN, 0}};
    auto left
      = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady::now());
    auto limit = std::max<int64_t>(left.count(), 0);
    auto ready = ::poll(fds, 2, static_cast<int>(limit));
    if (ready < 0 && errno == EINTR)
      continue;
    if (fds[1].revents != 0)
      return fail(ec::cancelled, "woken while waiting for Redis");
    if (fds[0].revents != 0)
      return ok;
    return fail(ec::timed_out, "no answer in time");
  }
}

/// Whoever is woken does not want the answer any more, even if it is there.
bool is_raised(const wake_signal* wake) {
  if (wake == nullptr)
    return false;
  pollfd signal{wake->descriptor(), POLLIN, 0};
  return ::poll(&signal, 1, 0) > 0;
}

/// hiredis connects, as it tries all addresses of a name. It does nothing else
/// for us on a socket, because Debian's has no TLS.
result<int> connect_to(const endpoint& where, std::chrono::milliseconds limit) {
  timeval most{limit.count() / 1000, (limit.count() % 1000) * 1000};
  std::unique_ptr<redisContext, void (*)(redisContext*)> context{
    redisConnectWithTimeout(where.host.c_str(), where.port, most), redisFree};
  if (!context)
    return ended("out of memory");
  if (context->err != 0)
    return ended(context->errstr);
  redisEnableKeepAlive(context.get());
  auto fd = redisFreeKeepFd(context.release());
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return fd;
}

} // namespace

result<redis_socket> redis_socket::open(const redis_settings& settings,
                                        const endpoint& where) {
  auto deadline = steady::now() + settings.connect_timeout;
  auto fd = connect_to(where, settings.connect_timeout);
  if (!fd)
    return std::move(fd.error());
  redis_socket out{*fd};
  if (settings.tls)
    if (auto done = out.shake_hands(settings, where, deadline); !done)
      return std::move(done.error());
  return out;
}

redis_socket::~redis_socket() {
  if (fd_ >= 0)
    ::close(fd_);
}

redis_socket::redis_socket(redis_socket&& other) noexcept
  : fd_(std::exchange(other.fd_, -1)),
    tls_(std::exchange(other.tls_, std::nullopt)) {}

redis_socket& redis_socket::operator=(redis_socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(tls_, other.tls_);
  return *this;
}

status redis_socket::shake_hands(const redis_settings& settings,
                                 const endpoint& where, time_point deadline) {
  auto name = settings.tls_name.empty() ? where.host : settings.tls_name;
  auto made = tls_client::make(
    {settings.tls_ca, settings.tls_certificate, settings.tls_key, name}, fd_);
  if (!made)
    return std::move(made.error());
  tls_.emplace(*std::move(made));
  for (;;) {
    auto step = tls_->shake_hands();
    if (step.how == tls_progress::done)
      return ok;
    if (step.how == tls_progress::failed)
      return ended(step);
    if (step.how == tls_progress::ended)
      return fail(ec::protocol,
                  "it closed the connection: is this a port for TLS?");
    if (auto ready = await(fd_, step.how, deadline, nullptr); !ready)
      return fail(ec::protocol, "no answer in time: is this a port for TLS?");
  }
}

tls_step redis_socket::try_read(char* to, size_t most) {
  if (tls_)
    return tls_->read(to, most);
  return step_after(::recv(fd_, to, most, 0), tls_progress::wants_read);
}

tls_step redis_socket::try_write(std::string_view bytes) {
  if (tls_)
    return tls_->write(bytes.data(), bytes.size());
  return step_after(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                    tls_progress::wants_write);
}

result<size_t> redis_socket::read(char* to, size_t most, time_point deadline,
                                  const wake_signal* wake) {
  for (;;) {
    if (is_raised(wake))
      return fail(ec::cancelled, "woken while waiting for Redis");
    auto step = try_read(to, most);
    if (step.how == tls_progress::done)
      return step.bytes;
    if (!step.reason.empty())
      return ended(step);
    if (auto ready = await(fd_, step.how, deadline, wake); !ready)
      return std::move(ready.error());
  }
}

status redis_socket::write(std::string_view bytes, time_point deadline) {
  while (!bytes.empty()) {
    auto step = try_write(bytes);
    bytes.remove_prefix(step.bytes);
    if (step.how == tls_progress::done)
      continue;
    if (!step.reason.empty())
      return ended(step);
    if (auto ready = await(fd_, step.how, deadline, nullptr); !ready)
      return std::move(ready.error());
  }
  return ok;
}

bool redis_socket::has_ended() {
  if (tls_)
    return tls_->has_ended();
  char byte = 0;
  auto got = ::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return !step_after(got, tls_progress::wants_read).reason.empty();
}

std::optional<tls_peer> redis_socket::peer() const {
  return tls_ ? std::optional{tls_->peer()} : std::nullopt;
}

} // namespace darkroom
