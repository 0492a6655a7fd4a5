/// Where the Redis is that keeps the queue. All connections ask here, each time
/// that they connect.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/net/probe.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// What a connection leads to.
enum class server_kind : uint8_t { redis, sentinel };

/// A server, and the Sentinel that named it.
struct redis_place {
  endpoint where;
  std::string sentinel; ///< "host:port"; empty: the settings did
};

/// "host:port", and for one that a Sentinel named "host:port, the master by
/// Sentinel host:port".
std::string text_of(const redis_place& place);

/// Not thread-safe. Blocks for about a second per Sentinel that is silent.
class redis_locator {
public:
  explicit redis_locator(const redis_settings& settings);

  /// With `[redis] sentinels`, asks them in turn; the one that answered is
  /// asked first the next time. One that has lost the others comes last, since
  /// its master may have been replaced.
  /// @returns ec::redis_unavailable with what each of them said
  result<redis_place> find();

private:
  redis_settings settings_;
};

} // namespace darkroom
