/// What a process knows about its queue while it runs, beside the settings.
#pragma once

#include "config/resource_rules.hpp"

#include <string>

namespace darkroom {

struct queue_context {
  /// From `[limits]` and the job types: `queue_context_of`.
  resource_rules resources = {};
  /// Jobs that no node runs wait for one that does; else they fail. A main node
  /// works it out from `queue_settings::unknown_jobs` and how it was started.
  bool unknown_wait = false;
  /// The key that exists while this main node is the active one
  /// (services/redis/main_lease.hpp). Empty: several main nodes may work at the
  /// same time.
  std::string fence = {};
};

} // namespace darkroom
