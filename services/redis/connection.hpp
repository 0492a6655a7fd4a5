/// One connection to Redis: RAII over hiredis, with time limits on everything.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/redis/wake_signal.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct redisContext;
struct redisReply;

namespace darkroom {

/// Frees a reply of hiredis.
struct reply_deleter {
  void operator()(redisReply* reply) const;
};
using redis_reply = std::unique_ptr<redisReply, reply_deleter>;

/// A command and its arguments; the views must live until the call returns.
using redis_command = std::vector<std::string_view>;

/// Not thread-safe; every call blocks, at most for the time limits of the
/// settings. After an I/O error the connection is closed, and the next call
/// reconnects. If Redis closed an idle connection, the next call reconnects
/// first, so a finished restart never fails a call. The process must ignore
/// SIGPIPE, as main() does.
class redis_connection {
public:
  /// @param client_name for CLIENT SETNAME after every connect; empty = none
  explicit redis_connection(redis_settings settings,
                            std::string client_name = {});
  ~redis_connection();
  redis_connection(redis_connection&&) noexcept;
  redis_connection& operator=(redis_connection&&) noexcept;

  /// Connects if there is no connection, or Redis has closed it.
  /// @returns ec::redis_unavailable naming host and port
  status ensure();

  /// Sends one command and waits for its answer. An error answer of Redis is
  /// ec::redis_refused.
  result<redis_reply> call(const redis_command& command);

  /// Like `call`, for a command that blocks for up to `limit` in Redis. Once
  /// `wake` is raised, closes the connection and returns ec::cancelled.
  result<redis_reply> call_interruptible(const redis_command& command,
                                         std::chrono::milliseconds limit,
                                         const wake_signal& wake);

  /// Sends all commands, then reads all answers: one round trip.
  /// @returns a null reply for a command that Redis refused;
  /// ec::redis_refused with the first reason if it refused them all
  result<std::vector<redis_reply>>
  pipeline(const std::vector<redis_command>& commands);

  /// Waits up to `limit` for a message of a subscription.
  /// @returns a null reply at the time limit, ec::cancelled if woken
  result<redis_reply> next_message(std::chrono::milliseconds limit,
                                   const wake_signal& wake);

  /// Calls the embedded script `name` (a file in services/redis/lua) by its
  /// SHA, and loads it first if Redis does not have it.
  result<redis_reply> script(std::string_view name,
                             const std::vector<std::string_view>& args);

  /// From now on, scripts run only while this key exists: lib_fence.lua.
  void fence_with(std::string key) {
    fence_ = std::move(key);
  }

  /// Loads a script ahead of its first call.
  status prepare(std::string_view name);

  /// Like `script`, but does not wait for the answer: `receive` returns the
  /// answers in the order of the calls. If Redis is restarted in between, it
  /// refuses the call.
  status send_script(std::string_view name,
                     const std::vector<std::string_view>& args);
  result<redis_reply> receive();

  void close();

private:
  status open();
  status greet();
  status connect();
  result<redis_reply> ask(const redis_command& command);
  error broken(std::string_view doing);
  error demoted();
  result<redis_reply> read_reply();
  result<std::string> sha_of(std::string_view name);
  status send(const redis_command& command);

  redis_settings settings_;
  std::string client_name_;
  std::string fence_; ///< empty: scripts run without a fence
  struct context_deleter {
    void operator()(redisContext* context) const;
  };
  std::unique_ptr<redisContext, context_deleter> context_;
  std::map<std::string, std::string, std::less<>> shas_;
};

/// The reply's text; empty for anything but a string.
std::string_view text_of(const redisReply& reply);

/// The reply as a number; 0 if it is not a number.
int64_t number_of(const redisReply& reply);

/// The same of an entry of a list; empty or 0 if the list is shorter.
std::string_view text_in_reply(const redisReply& list, size_t index);
int64_t number_in_reply(const redisReply& list, size_t index);

} // namespace darkroom
