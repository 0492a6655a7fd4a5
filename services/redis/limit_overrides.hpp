/// Limits and bounds of the budget that people change while Darkroom runs. They
/// hold for all processes of the queue, instead of the settings, until they are
/// taken back.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <map>
#include <string>
#include <vector>

namespace darkroom {

/// New values by the names of settings, as they are written there:
/// {"limits.vision", "10/60s"}. "default": the setting holds again.
using limit_changes = std::map<std::string, std::string>;

/// The settings that can be changed: those of `[limits]` for resources and the
/// bounds of `[budget]`.
const std::vector<std::string>& changeable_limits();

/// Not thread-safe: one connection. Every call blocks.
class limit_overrides {
public:
  limit_overrides(const redis_settings& redis, const queue_settings& queue);

  /// Puts what was changed into `config`.
  /// @returns the names of what was changed
  result<std::vector<std::string>> apply(settings& config);

  /// Stores the changes; all calls from now on obey them.
  /// @returns ec::bad_config, and changes nothing, if a name is none of
  ///   `changeable_limits` or a value is not allowed
  status change(const limit_changes& changes);

private:
  redis_connection connection_;
  std::string key_;
};

} // namespace darkroom
