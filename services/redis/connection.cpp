#include "services/redis/connection.hpp"

#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace darkroom {

namespace {

timeval to_timeval(std::chrono::milliseconds duration) {
  return {duration.count() / 1000, (duration.count() % 1000) * 1000};
}

/// Whether the other side has closed the connection and everything is read.
bool has_ended(int fd) {
  char byte = 0;
  auto got = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0
         || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK
             && errno != EINTR);
}

/// Waits until the socket is readable or the signal is raised.
/// @returns 1 readable, 0 time limit, -1 woken
int wait_readable(int socket, int wake, std::chrono::milliseconds limit) {
  auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
    pollfd fds[] = {{socket, POLLIN, 0}, {wake, POLLIN, 0}};
    auto timeout = left.count() > 0 ? static_cast<int>(left.count()) : 0;
    auto ready = ::poll(fds, 2, timeout);
    if (ready < 0 && errno == EINTR)
      continue;
    if (fds[1].revents != 0)
      return -1;
    return fds[0].revents != 0 ? 1 : 0;
  }
}

} // namespace

wake_signal::wake_signal() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

wake_signal::~wake_signal() {
  ::close(fd_);
}

void wake_signal::raise() {
  uint64_t one = 1;
  [[maybe_unused]] auto written = ::write(fd_, &one, sizeof one);
}

void wake_signal::clear() {
  uint64_t count = 0;
  [[maybe_unused]] auto taken = ::read(fd_, &count, sizeof count);
}

void reply_deleter::operator()(redisReply* reply) const {
  freeReplyObject(reply);
}

void redis_connection::context_deleter::operator()(redisContext* c) const {
  redisFree(c);
}

redis_connection::redis_connection(redis_settings settings,
                                   std::string client_name)
  : settings_(std::move(settings)),
    client_name_(std::move(client_name)) {}

redis_connection::~redis_connection() = default;
redis_connection::redis_connection(redis_connection&&) noexcept = default;
redis_connection&
redis_connection::operator=(redis_connection&&) noexcept = default;

void redis_connection::close() {
  context_.reset();
}

error redis_connection::broken(std::string_view doing) {
  auto reason = context_ && context_->err ? std::string{context_->errstr}
                                          : std::string{"no answer"};
  context_.reset();
  return fail(ec::redis_unavailable,
              "Redis at " + settings_.host + ":"
                + std::to_string(settings_.port) + " failed while "
                + std::string{doing} + ": " + reason
                + "; check that it runs and that [redis] host and port are "
                  "right");
}

status redis_connection::connect() {
  if (context_)
    return ok;
  auto opened = open();
  if (!opened)
    return opened;
  return greet();
}

status redis_connection::ensure() {
  if (context_ && has_ended(context_->fd))
    context_.reset();
  return connect();
}

status redis_connection::open() {
  context_.reset(
    redisConnectWithTimeout(settings_.host.c_str(), settings_.port,
                            to_timeval(settings_.connect_timeout)));
  if (!context_ || context_->err)
    return broken("connecting");
  redisSetTimeout(context_.get(), to_timeval(settings_.command_timeout));
  redisEnableKeepAlive(context_.get());
  return ok;
}

status redis_connection::greet() {
  std::vector<redis_command> hello;
  auto database = std::to_string(settings_.database);
  if (!settings_.username.empty())
    hello.push_back({"AUTH", settings_.username, settings_.password});
  else if (!settings_.password.empty())
    hello.push_back({"AUTH", settings_.password});
  if (settings_.database != 0)
    hello.push_back({"SELECT", database});
  if (!client_name_.empty())
    hello.push_back({"CLIENT", "SETNAME", client_name_});
  for (const auto& command : hello) {
    auto answer = ask(command);
    if (!answer) {
      context_.reset();
      return std::move(answer.error());
    }
  }
  return ok;
}

result<redis_reply> redis_connection::read_reply() {
  void* raw = nullptr;
  if (redisGetReply(context_.get(), &raw) != REDIS_OK)
    return broken("waiting for an answer");
  redis_reply reply{static_cast<redisReply*>(raw)};
  if (reply->type != REDIS_REPLY_ERROR)
    return reply;
  auto refusal = text_of(*reply);
  if (refusal.starts_with("READONLY"))
    return demoted();
  return fail(ec::redis_refused, std::string{refusal});
}

error redis_connection::demoted() {
  context_.reset(); // the address may lead to the new master by now
  return fail(ec::redis_unavailable,
              "Redis at " + settings_.host + ":"
                + std::to_string(settings_.port)
                + " is a replica: [redis] host has to lead to the master");
}

namespace {

void append(redisContext* context, const redis_command& command) {
  std::vector<const char*> texts;
  std::vector<size_t> sizes;
  texts.reserve(command.size());
  sizes.reserve(command.size());
  for (auto argument : command) {
    texts.push_back(argument.data() ? argument.data() : "");
    sizes.push_back(argument.size());
  }
  redisAppendCommandArgv(context, static_cast<int>(command.size()),
                         texts.data(), sizes.data());
}

} // namespace

result<redis_reply> redis_connection::call(const redis_command& command) {
  auto ready = ensure();
  if (!ready)
    return std::move(ready.error());
  return ask(command);
}

result<redis_reply> redis_connection::ask(const redis_command& command) {
  append(context_.get(), command);
  return read_reply();
}

result<std::vector<redis_reply>>
redis_connection::pipeline(const std::vector<redis_command>& commands) {
  auto ready = ensure();
  if (!ready)
    return std::move(ready.error());
  for (const auto& command : commands)
    append(context_.get(), command);
  std::vector<redis_reply> replies;
  std::vector<error> refused;
  for (size_t i = 0; i < commands.size(); ++i) {
    auto reply = read_reply();
    if (!reply && reply.error().code == ec::redis_unavailable)
      return std::move(reply.error());
    if (!reply)
      refused.push_back(std::move(reply.error()));
    replies.push_back(reply ? std::move(*reply) : redis_reply{});
  }
  if (!refused.empty() && refused.size() == commands.size())
    return std::move(refused.front());
  return replies;
}

status redis_connection::send(const redis_command& command) {
  auto ready = connect(); // reconnect before unread answers are lost
  if (!ready)
    return ready;
  append(context_.get(), command);
  int done = 0;
  while (done == 0)
    if (redisBufferWrite(context_.get(), &done) != REDIS_OK)
      return broken("sending");
  return ok;
}

result<redis_reply> redis_connection::receive() {
  if (!context_)
    return broken("waiting for an answer");
  return read_reply();
}

result<redis_reply>
redis_connection::call_interruptible(const redis_command& command,
                                     std::chrono::milliseconds limit,
                                     const wake_signal& wake) {
  auto ready = ensure();
  if (!ready)
    return std::move(ready.error());
  auto sent = send(command);
  if (!sent)
    return std::move(sent.error());
  // A second of slack: Redis answers at the limit, the network takes time.
  auto waited = wait_readable(context_->fd, wake.descriptor(),
                              limit + std::chrono::seconds(1));
  if (waited > 0)
    return read_reply();
  if (waited == 0)
    return broken("waiting for a blocking command");
  context_.reset(); // the command still blocks in Redis: drop it
  return fail(ec::cancelled, "woken while waiting for Redis");
}

result<redis_reply>
redis_connection::next_message(std::chrono::milliseconds limit,
                               const wake_signal& wake) {
  if (!context_)
    return broken("waiting for a message");
  void* raw = nullptr;
  if (redisGetReplyFromReader(context_.get(), &raw) != REDIS_OK)
    return broken("reading a message");
  if (raw != nullptr)
    return redis_reply{static_cast<redisReply*>(raw)};
  auto waited = wait_readable(context_->fd, wake.descriptor(), limit);
  if (waited == 0)
    return redis_reply{};
  if (waited < 0)
    return fail(ec::cancelled, "woken while waiting for a message");
  return read_reply();
}

std::string_view text_of(const redisReply& reply) {
  if (reply.str == nullptr)
    return {};
  return {reply.str, reply.len};
}

int64_t number_of(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_INTEGER)
    return reply.integer;
  auto text = text_of(reply);
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

} // namespace darkroom
