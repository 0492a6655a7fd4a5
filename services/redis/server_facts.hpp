/// A Redis server's version and settings, for callers that judge them.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/redis/redis_locator.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace darkroom {

struct redis_facts {
  redis_place place;           ///< and who named it
  std::string version;         ///< "7.0.15"
  std::string eviction_policy; ///< "noeviction"; empty = not told
  std::string aof;             ///< "1" = on, "0" = off; empty = not told
  std::string fsync;           ///< "always", "everysec", "no"; empty = not told
  /// By how many ms Redis's clock is ahead of ours, exact to half of
  /// `round_trip`.
  int64_t clock_ahead = 0;
  int64_t round_trip = 0; ///< ms
};

/// Asks the server. Blocks for at most the time limits of the settings.
/// @param now this machine's clock, ms
/// @returns ec::redis_unavailable, or ec::redis_refused for a user without INFO
result<redis_facts> ask_redis_facts(const redis_settings& settings,
                                    const std::function<int64_t()>& now);

} // namespace darkroom
