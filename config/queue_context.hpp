/// What a running process knows about its queue besides the settings.
#pragma once

#include "config/resource_rules.hpp"

#include <string>

namespace darkroom {

struct queue_context {
  /// From `[limits]` and the job types: `queue_context_of`.
  resource_rules resources = {};
  /// Whether jobs whose type no node runs wait for such a node; otherwise they
  /// fail. A main node derives this from `queue_settings::unknown_jobs` and
  /// from how it was started.
  bool unknown_wait = false;
  /// The key that exists while this main node is the active one
  /// (services/redis/main_lease.hpp). Empty: several main nodes may be active
  /// at the same time.
  std::string fence = {};
};

} // namespace darkroom
