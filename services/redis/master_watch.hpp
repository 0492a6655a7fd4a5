/// Follows what Sentinels say of the master, so that nobody stays with a server
/// that was replaced but still lives.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/redis/redis_locator.hpp"
#include "services/redis/sentinel.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace darkroom {

/// A server that was the master, and since when it is not.
struct former_master {
  endpoint where;
  std::chrono::steady_clock::time_point since;
};

/// Keeps a connection to each Sentinel that it asks. Not thread-safe.
class master_watch {
public:
  /// How often `look` is to be called: connections to an old master are closed
  /// within a second.
  static constexpr std::chrono::milliseconds every{400};

  explicit master_watch(const redis_settings& settings);

  /// Asks where the master is. If it has changed, breaks all connections of
  /// this process to the old one; their owners connect to the new one. Blocks
  /// for about a second per silent Sentinel.
  status look();

private:
  result<endpoint> find();
  void break_former();

  std::vector<sentinel_client> sentinels_;
  std::optional<endpoint> master_; ///< none: nobody was asked yet
  std::vector<former_master> former_;
};

} // namespace darkroom
