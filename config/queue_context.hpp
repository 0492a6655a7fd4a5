/// What a running process knows about its queue besides the settings.
#pragma once

#include "config/live_value.hpp"
#include "config/resource_rules.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace darkroom {

/// What calls to providers may take per day (UTC); 0 = no bound.
struct call_bounds {
  uint64_t requests = 0;
  uint64_t tokens = 0;
  uint64_t money = 0; ///< millionths of the unit of the prices
};

struct call_budget {
  call_bounds vision;
  call_bounds embedding;
  call_bounds total;
  /// When a bound is reached, go on with a local model instead of waiting.
  bool goes_local = false;
};

/// What holds jobs back, and may change while a process runs.
struct queue_limits {
  uint32_t max = 0; ///< job starts per window; 0 = no limit
  std::chrono::milliseconds window{0};
  resource_rules resources = {};
  call_budget budget = {};
  std::map<std::string, std::chrono::milliseconds> answers_kept = {};
};
using live_limits = live_value<queue_limits>;

struct queue_context {
  /// From `[limits]` and the job types: `queue_context_of`.
  resource_rules resources = {};
  std::chrono::milliseconds slack{0}; ///< that their windows include
  /// Whether jobs whose type no node runs wait for such a node; otherwise they
  /// fail. A main node derives this from `queue_settings::unknown_jobs` and
  /// from how it was started.
  bool unknown_wait = false;
  /// The key that exists while this main node is the active one
  /// (services/redis/main_lease.hpp). Empty: several main nodes may be active
  /// at the same time.
  std::string fence = {};
  call_budget budget = {}; ///< from `[budget]`
  /// How long answers of the resource's providers are kept; none: not.
  std::map<std::string, std::chrono::milliseconds> answers_kept = {};
  /// What comes in place of the limits above, and of those in the settings,
  /// once it was set; null: they never change.
  std::shared_ptr<const live_limits> live = {};
};

} // namespace darkroom
