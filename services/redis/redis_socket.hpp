/// The bytes of one connection to Redis or to a Sentinel, plain or by TLS.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/net/probe.hpp"
#include "services/redis/wake_signal.hpp"
#include "services/tls/tls_client.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace darkroom {

/// Owns the socket. Not thread-safe; every call ends at its deadline. Errors
/// that end the connection are ec::redis_unavailable, or ec::protocol if TLS
/// failed, with the reason alone ("Connection refused").
class redis_socket {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Connects, and speaks TLS if the settings say so; both within their
  /// `connect_timeout` together. Looking up the name may take longer.
  static result<redis_socket> open(const redis_settings& settings,
                                   const endpoint& where);

  ~redis_socket();
  redis_socket(redis_socket&& other) noexcept;
  redis_socket& operator=(redis_socket&& other) noexcept;

  /// Waits for at least one byte. @returns how many were read;
  /// ec::timed_out at the deadline, ec::cancelled once `wake` is raised
  result<size_t> read(char* to, size_t most, time_point deadline,
                      const wake_signal* wake = nullptr);

  /// Writes all bytes.
  status write(std::string_view bytes, time_point deadline);

  /// Whether the other side has closed the connection and everything is read.
  bool has_ended();

  /// Facts about the server; none without TLS.
  std::optional<tls_peer> peer() const;

private:
  explicit redis_socket(int fd) : fd_(fd) {}

  status shake_hands(const redis_settings& settings, const endpoint& where,
                     time_point deadline);
  tls_step try_read(char* to, size_t most);
  tls_step try_write(std::string_view bytes);

  int fd_ = -1;
  std::optional<tls_client> tls_; ///< uses the descriptor
};

} // namespace darkroom
