#include "services/redis/connection.hpp"

#include <hiredis/hiredis.h>
#include <sys/socket.h>

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

} // namespace

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

std::string_view text_in_reply(const redisReply& list, size_t index) {
  return index < list.elements ? text_of(*list.element[index])
                               : std::string_view{};
}

int64_t number_in_reply(const redisReply& list, size_t index) {
  return index < list.elements ? number_of(*list.element[index]) : 0;
}

} // namespace darkroom
