/// Asks one Sentinel which server is the master.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/net/probe.hpp"

#include <memory>
#include <string>

namespace darkroom {

class redis_connection;

/// What a Sentinel says.
struct sentinel_answer {
  endpoint master;
  /// It reaches enough other Sentinels to take part in a failover. Without
  /// that, another server may be the master by now.
  bool has_quorum = false;
};

/// Keeps its connection. Not thread-safe; a call blocks for about a second at
/// most.
class sentinel_client {
public:
  /// @param sentinel "host:port"
  sentinel_client(const redis_settings& settings, const std::string& sentinel);
  ~sentinel_client();
  sentinel_client(sentinel_client&&) noexcept;
  sentinel_client& operator=(sentinel_client&&) noexcept;

  /// @returns ec::redis_unavailable if it does not answer, ec::redis_refused if
  ///   it does not let us in or does not know the master's name
  result<sentinel_answer> find_master();

private:
  std::string where_;
  std::string master_; ///< its name
  std::unique_ptr<redis_connection> connection_;
};

} // namespace darkroom
