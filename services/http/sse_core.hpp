/// The clients of an event stream, on the server's I/O thread. Internal to
/// services/http; others use sse_hub.hpp.
#pragma once

#include "services/http/sse_hub.hpp"
#include "services/http/sse_ring.hpp"
#include "services/http/wire.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>

namespace darkroom {

class sse_client;

/// Any thread may publish; everything else runs on the I/O thread.
///
/// An idle hub sends at once. A busy one adapts to the load: after a flush it
/// rests for as long as the flush took, and the events of that time share the
/// writes of the next flush. Thus a burst takes at most half of the thread, and
/// new clients are still accepted (measured with 5000 clients at 100 Hz).
class sse_core : public std::enable_shared_from_this<sse_core> {
public:
  using clock = std::chrono::steady_clock;

  explicit sse_core(const http_settings& settings);
  ~sse_core();

  void publish(sse_event event);
  void restart();
  void lose();
  void ready();
  void show(std::string members);
  std::pair<uint64_t, int64_t> newest() const;
  sse_counters counters() const;

  /// Starts to send. Call it before the thread of `io` runs. `io` must live
  /// until detach().
  void attach(boost::asio::io_context& io);
  /// Closes every stream. Events that are published later only go into the
  /// ring.
  void detach();

  /// Whether one more client fits. If not, it counts as refused.
  /// @param is_limited whether the limit per address applies
  bool admit(const boost::asio::ip::address& from, bool is_limited);
  /// Takes over a connection whose request has been read.
  /// @param may_go_on asked every second; empty: always
  void accept(wire connection, const boost::asio::ip::address& from,
              const http_request& request, std::function<bool()> may_go_on);

private:
  friend class sse_client;

  void wake();
  void schedule();
  void flush();
  void flush_at(clock::time_point time);
  std::string hello(const sse_filter& wanted) const;
  void sweep();

  const http_settings settings_;
  sse_ring ring_;
  mutable std::mutex mutex_; ///< guards `io_`, `scheduled_` and `snapshot_`
  boost::asio::io_context* io_ = nullptr;
  bool scheduled_ = false;
  std::string snapshot_;              ///< members of a JSON object
  std::atomic<bool> is_ready_{false}; ///< clients may be served
  std::unique_ptr<boost::asio::steady_timer> flush_timer_;
  std::unique_ptr<boost::asio::steady_timer> sweep_timer_;
  clock::time_point next_flush_{};
  /// Clients get only the events before this number. Later ones wait for the
  /// next flush; otherwise busy clients would never share a write.
  uint64_t flushed_to_ = 1;
  std::unordered_set<std::shared_ptr<sse_client>> clients_;
  std::atomic<uint64_t> live_{0}, events_{0}, dropped_{0}, kicked_{0},
    refused_{0};
};

} // namespace darkroom
