/// Reads `REDIS_URL`.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace darkroom {

/// The parts of redis://[[user]:password@]host[:port][/database], or rediss://.
/// Members that the URL does not name are empty, except the port, which is
/// Redis's own.
struct redis_address {
  bool tls = false; ///< rediss://
  std::string host; ///< an IPv6 address without its brackets
  uint16_t port = 6379;
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<int> database;
};

/// Parses a URL; user and password may be percent-encoded.
/// @returns ec::bad_config. The context never quotes the URL, which may hold a
/// password; it begins with a verb ("has no host").
result<redis_address> parse_redis_url(std::string_view url);

} // namespace darkroom
