/// One browser at an event stream. Internal to services/http.
#pragma once

#include "services/http/sse_cursor.hpp"
#include "services/http/wire.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace darkroom {

class sse_core;

/// Owns the connection. I/O thread only. The core must outlive it.
class sse_client : public std::enable_shared_from_this<sse_client> {
public:
  using clock = std::chrono::steady_clock;

  sse_client(sse_core& core, wire connection,
             const boost::asio::ip::address& from, sse_request request,
             std::function<bool()> may_go_on);

  /// Sends the head of the response, and the first frame if the ring is ready.
  void start();
  /// Sends new events, unless a write is running.
  void pump();
  /// Sends a keep-alive when it is due.
  /// @returns false if a write has hung for too long, or if the client may see
  ///   no more: close it
  bool check(clock::time_point now, std::chrono::milliseconds keepalive,
             std::chrono::milliseconds write_timeout);
  void close();

  const boost::asio::ip::address& from() const {
    return from_;
  }

private:
  void enter(std::string text);
  void write(std::shared_ptr<const std::string> text);
  void watch();

  sse_core& core_;
  wire wire_;
  const boost::asio::ip::address from_;   ///< a `place_key`
  std::unique_ptr<sse_request> request_;  ///< until it has a place in the ring
  const std::function<bool()> may_go_on_; ///< empty: always
  sse_cursor cursor_;
  bool is_slow_ = false;                         ///< the last write took long
  std::shared_ptr<const std::string> under_way_; ///< null if no write runs
  clock::time_point last_write_;
  std::array<char, 64> ignored_{}; ///< the client should send nothing
};

} // namespace darkroom
