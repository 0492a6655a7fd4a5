/// How the connection writes commands and reads answers, and what it says of a
/// server that fails.
#include "services/redis/connection.hpp"
#include "services/redis/refusal_text.hpp"

#include <hiredis/hiredis.h>

#include <cstdlib>

namespace darkroom {

namespace {

using steady = std::chrono::steady_clock;

constexpr size_t read_size = 16384; // bytes; hiredis reads as many

/// What a server answers that is no master, also to a script.
bool is_of_replica(std::string_view refusal) {
  for (auto code : {"READONLY", "MASTERDOWN", "UNBLOCKED"})
    if (refusal.starts_with(code))
      return true;
  return refusal.starts_with("ERR Error running script")
         && refusal.find("-READONLY ") != refusal.npos;
}

} // namespace

void redis_connection::append(const redis_command& command) {
  std::vector<const char*> texts;
  std::vector<size_t> sizes;
  texts.reserve(command.size());
  sizes.reserve(command.size());
  for (auto argument : command) {
    texts.push_back(argument.data() ? argument.data() : "");
    sizes.push_back(argument.size());
  }
  char* bytes = nullptr;
  auto size = redisFormatCommandArgv(&bytes, static_cast<int>(command.size()),
                                     texts.data(), sizes.data());
  if (size > 0)
    unsent_.append(bytes, static_cast<size_t>(size));
  redisFreeCommand(bytes);
}

status redis_connection::flush() {
  auto bytes = std::exchange(unsent_, {});
  auto sent = socket_->write(bytes, steady::now() + settings_.command_timeout);
  if (!sent)
    return broken("sending", sent.error());
  return ok;
}

status redis_connection::send(const redis_command& command) {
  auto ready = connect(); // reconnect before unread answers are lost
  if (!ready)
    return ready;
  append(command);
  return flush();
}

result<redis_reply> redis_connection::ask(const redis_command& command) {
  append(command);
  if (auto sent = flush(); !sent)
    return std::move(sent.error());
  return read_reply();
}

result<redis_reply> redis_connection::read_reply() {
  auto reply = read_until(steady::now() + settings_.command_timeout, nullptr);
  if (!reply && reply.error().code == ec::timed_out)
    return broken("waiting for an answer", reply.error());
  return reply;
}

result<redis_reply>
redis_connection::read_until(redis_socket::time_point deadline,
                             const wake_signal* wake) {
  for (;;) {
    void* raw = nullptr;
    if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK)
      return broken("waiting for an answer",
                    fail(ec::protocol, reader_->errstr));
    if (raw != nullptr)
      return judge(redis_reply{static_cast<redisReply*>(raw)});
    char bytes[read_size];
    auto got = socket_->read(bytes, sizeof bytes, deadline, wake);
    if (got)
      redisReaderFeed(reader_.get(), bytes, *got);
    else if (auto code = got.error().code;
             code == ec::timed_out || code == ec::cancelled)
      return std::move(got.error());
    else
      return broken("waiting for an answer", got.error());
  }
}

result<redis_reply> redis_connection::judge(redis_reply reply) {
  has_answered_ = true;
  if (reply->type != REDIS_REPLY_ERROR)
    return reply;
  auto refusal = text_of(*reply);
  if (is_of_replica(refusal))
    return demoted(refusal);
  if (refusal.starts_with("LOADING")) // it has just started
    return broken("waiting for an answer",
                  fail(ec::redis_refused, "it is still loading its data"));
  return fail(ec::redis_refused, with_acl_hint(std::string{refusal}));
}

error redis_connection::broken(std::string_view doing, const error& why) {
  close();
  auto is_sentinel = kind_ == server_kind::sentinel;
  auto text = (is_sentinel ? "Sentinel at " : "Redis at ") + text_of(place_)
              + " failed while " + std::string{doing} + ": " + why.context;
  if (why.code == ec::bad_config) // names the file to correct
    return fail(ec::redis_unavailable, text);
  if (settings_.tls && why.code == ec::protocol)
    return fail(ec::redis_unavailable,
                text + "; see TLS in docs/redis-high-availability.md");
  if (doing != "connecting" && !has_answered_
      && why.code == ec::redis_unavailable)
    text += settings_.tls ? " (does it want another certificate? [redis] "
                            "tls_certificate)"
                          : " (if its port is for TLS, set [redis] tls)";
  if (is_sentinel)
    text += "; check that it runs and that [redis] sentinels are right";
  else if (place_.sentinel.empty())
    text += "; check that it runs and that [redis] host and port are right";
  return fail(ec::redis_unavailable, text);
}

error redis_connection::demoted(std::string_view refusal) {
  close(); // the address may lead to the new master by now
  auto advice = place_.sentinel.empty()
                  ? "[redis] host has to lead to the master"
                  : "Sentinel is asked again";
  return fail(ec::redis_unavailable, "Redis at " + text_of(place_)
                                       + " is a replica: " + advice + " ("
                                       + std::string{refusal} + ")");
}

} // namespace darkroom
