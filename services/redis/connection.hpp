/// One connection to Redis: RAII over hiredis, with time limits on everything.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/redis/redis_locator.hpp"
#include "services/redis/redis_socket.hpp"
#include "services/redis/reply.hpp"
#include "services/redis/wake_signal.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// Not thread-safe; every call blocks, at most for the time limits of the
/// settings. After an I/O error, or if Redis closed an idle connection, the
/// next call asks the locator where Redis is, and reconnects first.
class redis_connection {
public:
  /// @param client_name for CLIENT SETNAME after every connect; empty = none
  explicit redis_connection(redis_settings settings,
                            std::string client_name = {},
                            server_kind kind = server_kind::redis);
  ~redis_connection();
  redis_connection(redis_connection&&) noexcept;
  redis_connection& operator=(redis_connection&&) noexcept;

  /// Connects if there is no connection, or Redis has closed it.
  /// @returns ec::redis_unavailable naming host and port
  status ensure();

  /// Sends one command and waits for its answer. An error answer of Redis is
  /// ec::redis_refused; one that says that it is no master (any more) is
  /// ec::redis_unavailable and closes the connection.
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

  status prepare(std::string_view name); ///< loads a script ahead of its call

  /// Like `script`, but `receive` returns the answers, in the order of the
  /// calls. If Redis is restarted in between, it refuses the call.
  status send_script(std::string_view name,
                     const std::vector<std::string_view>& args);
  result<redis_reply> receive();

  void close();

  /// The server of the current or the last connection, and who named it.
  const redis_place& place() const {
    return place_;
  }

  /// Facts about the server's certificate; none without a connection by TLS.
  std::optional<tls_peer> peer() const;

private:
  status open();
  status greet();
  status check_role();
  status connect();
  void append(const redis_command& command);
  status flush();
  status send(const redis_command& command);
  result<redis_reply> ask(const redis_command& command);
  result<redis_reply> read_reply();
  result<redis_reply> read_until(redis_socket::time_point deadline,
                                 const wake_signal* wake);
  result<redis_reply> judge(redis_reply reply);
  error broken(std::string_view doing, const error& why);
  error demoted(std::string_view refusal);
  result<std::string> sha_of(std::string_view name);

  redis_settings settings_;
  redis_locator locator_;
  redis_place place_;
  std::string client_name_;
  server_kind kind_;
  std::string fence_; ///< empty: scripts run without a fence
  std::optional<redis_socket> socket_;
  redis_reader reader_;
  std::string unsent_;        ///< commands as Redis reads them
  bool has_answered_ = false; ///< on this connection
  std::map<std::string, std::string, std::less<>> shas_;
};

} // namespace darkroom
