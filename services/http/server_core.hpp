/// What all sessions of an HTTP server share. Internal to services/http.
#pragma once

#include "config/settings.hpp"
#include "services/http/checks.hpp"
#include "services/http/lane.hpp"
#include "services/http/router.hpp"
#include "services/tls/server_tls.hpp"

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

/// The threads for one kind of request, and the number of its open requests.
struct lane_threads {
  lane_threads(uint32_t count, uint32_t most_waiting)
    : most(uint64_t{count} + most_waiting),
      pool(count) {}

  /// Whether another request would wait too long.
  bool is_full() const {
    return pending >= most;
  }

  /// Counts a request as done when it goes out of scope.
  struct end_of_request {
    lane_threads& lane;
    ~end_of_request() {
      --lane.pending;
    }
  };

  const uint64_t most;
  std::atomic<uint64_t> pending{0}; ///< requests that run or wait
  boost::asio::thread_pool pool;
};

/// Outlives all sessions, which are destroyed with `io` at the latest.
struct server_core {
  using address = boost::asio::ip::address;

  explicit server_core(const http_settings& from);

  /// Reads the proxies' addresses and the certificate. Call it once, first.
  /// @returns ec::bad_config if one of them is unusable
  status prepare();

  lane_threads& threads_of(http_lane lane) {
    return *lanes[static_cast<size_t>(lane)];
  }

  std::vector<std::shared_ptr<http_session>> open_sessions();

  /// Whether the limits per address (connections, event streams) apply to it.
  bool is_limited(const address& from) const {
    return settings.max_connections_per_address > 0 && trusted.count(from) == 0;
  }

  const http_settings settings;
  const http_response full;    ///< the answer when all connections are taken
  const std::string full_text; ///< the same, ready to send
  router routes;
  http_guard guard;       ///< may be empty
  http_observer observer; ///< may be empty
  host_rules hosts;
  std::set<address> trusted;       ///< proxies
  std::unique_ptr<server_tls> tls; ///< null: plain HTTP
  std::atomic<bool> stopping{false};
  std::atomic<uint64_t> connections{0}, requests{0}, refused{0}, failed{0};

  std::mutex mutex; ///< guards `sessions` and `places`
  std::unordered_map<http_session*, std::weak_ptr<http_session>> sessions;
  /// Connections per `place_key`, without those in the reserve.
  std::map<address, uint32_t> places;

  boost::asio::io_context io{1};
  /// One entry per lane; empty for `instant`.
  std::array<std::unique_ptr<lane_threads>, http_lane_count> lanes;
};

} // namespace darkroom
