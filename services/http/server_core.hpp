/// What the sessions of an HTTP server share. Internal to services/http.
#pragma once

#include "config/settings.hpp"
#include "services/http/router.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace darkroom {

class http_session;

/// Outlives all sessions: they are destroyed with `io` at the latest.
struct server_core {
  explicit server_core(const http_settings& from)
    : settings(from),
      pool(std::max(1u, from.threads)) {}

  const http_settings settings;
  router routes;
  bool loopback = false; ///< bound to a loopback address
  std::atomic<bool> stopping{false};
  std::atomic<uint64_t> connections{0}, requests{0}, refused{0}, failed{0};

  std::mutex mutex; ///< of `sessions`
  std::unordered_map<http_session*, std::weak_ptr<http_session>> sessions;

  boost::asio::io_context io{1};
  boost::asio::thread_pool pool;
};

} // namespace darkroom
