/// What the sessions of an HTTP server share. Internal to services/http.
#pragma once

#include "config/settings.hpp"
#include "services/http/checks.hpp"
#include "services/http/lane.hpp"
#include "services/http/router.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <vector>

namespace darkroom {

class http_session;

/// Threads of one kind of requests, and how many requests they have to do.
struct lane_threads {
  lane_threads(uint32_t count, uint32_t most_waiting)
    : most(uint64_t{count} + most_waiting),
      pool(count) {}

  /// Whether one request more would wait for too long.
  bool is_full() const {
    return pending >= most;
  }

  /// One request less, at the end of its life.
  struct end_of_request {
    lane_threads& lane;
    ~end_of_request() {
      --lane.pending;
    }
  };

  const uint64_t most;
  std::atomic<uint64_t> pending{0}; ///< that run or wait
  boost::asio::thread_pool pool;
};

/// Outlives all sessions: they are destroyed with `io` at the latest.
struct server_core {
  using address = boost::asio::ip::address;

  explicit server_core(const http_settings& from);

  lane_threads& threads_of(http_lane lane) {
    return *lanes[static_cast<size_t>(lane)];
  }

  std::vector<std::shared_ptr<http_session>> open_sessions();

  /// Whether an address may have only so many connections, and event streams.
  bool is_limited(const address& from) const {
    return settings.max_connections_per_address > 0 && trusted.count(from) == 0;
  }

  const http_settings settings;
  const http_response full;    ///< where all connections are taken
  const std::string full_text; ///< the same as sent
  router routes;
  host_rules hosts;
  std::set<address> trusted; ///< proxies
  std::atomic<bool> stopping{false};
  std::atomic<uint64_t> connections{0}, requests{0}, refused{0}, failed{0};

  std::mutex mutex; ///< of the next two
  std::unordered_map<http_session*, std::weak_ptr<http_session>> sessions;
  /// Connections by `place_key`, without those in the reserve.
  std::map<address, uint32_t> places;

  boost::asio::io_context io{1};
  /// Of each lane but `instant`.
  std::array<std::unique_ptr<lane_threads>, http_lane_count> lanes;
};

} // namespace darkroom
