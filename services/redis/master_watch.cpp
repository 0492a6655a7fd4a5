#include "services/redis/master_watch.hpp"

#include "services/net/break_connections.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

namespace {

using steady = std::chrono::steady_clock;

/// A connection that was being opened when the master changed appears within
/// this time: the limits of connecting and of asking are shorter.
constexpr std::chrono::seconds vigilance{10};

bool is_same(const endpoint& a, const endpoint& b) {
  return a.host == b.host && a.port == b.port;
}

} // namespace

master_watch::master_watch(const redis_settings& settings) {
  for (const auto& x : settings.sentinels)
    sentinels_.emplace_back(settings, x);
}

status master_watch::look() {
  auto found = find();
  if (!found)
    return std::move(found.error());
  if (master_ && !is_same(*master_, *found)) {
    spdlog::warn("Redis's master is {} now: leaving {}", text_of(*found),
                 text_of(*master_));
    former_.push_back({*master_, steady::now()});
  }
  master_ = *found;
  break_former();
  return ok;
}

/// The first one with a quorum decides. Without any, nobody can have replaced
/// the master.
result<endpoint> master_watch::find() {
  error failure;
  for (auto x = sentinels_.begin(); x != sentinels_.end(); ++x) {
    auto answer = x->find_master();
    if (answer && answer->has_quorum) {
      std::rotate(sentinels_.begin(), x, x + 1);
      return answer->master;
    }
    failure = answer ? fail(ec::redis_unavailable,
                            "no Sentinel reaches enough of the others")
                     : answer.error();
  }
  return failure;
}

void master_watch::break_former() {
  auto now = steady::now();
  std::erase_if(former_, [&](const auto& x) {
    return now - x.since > vigilance || is_same(x.where, *master_);
  });
  for (const auto& x : former_)
    break_connections(x.where);
}

} // namespace darkroom
