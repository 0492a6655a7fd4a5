/// Options of a DISPATCHER.
#pragma once

#include "config/defaults.hpp"
#include "config/settings.hpp"
#include "services/metrics/metrics.hpp"
#include "services/trace/tracer.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace darkroom {

struct dispatcher_options {
  queue_settings queue;
  bool unknown_wait = false; ///< see `queue_context`
  worker_settings worker;
  std::vector<std::string> resources; ///< names of those that jobs use
  bool publish = true;                ///< tell the EVENT PUBLISHER
  bool has_catalog = true;  ///< false: results travel in the return values
  std::string node;         ///< name of this node, for events
  std::string token_prefix; ///< this process's tokens begin with it
  /// Jobs whose tokens begin with this are given back if no pool runs them. It
  /// covers this process, or all main nodes that were active one after the
  /// other.
  std::string orphan_prefix;
  /// How long pools have after a restart or takeover to say what they run. Then
  /// jobs that nobody runs are given back.
  std::chrono::milliseconds adoption = adoption_time;
  std::function<int64_t()> now;       ///< ms; wall clock, or a test's
  std::function<void()> wake_watcher; ///< ends the watcher's wait
  bool is_restart = false;  ///< another dispatcher died; pools hold its jobs
  bool is_quiet = false;    ///< the node takes no more jobs
  metrics_ptr counted = {}; ///< null if nobody reads metrics
  tracer_ptr tracing = {};  ///< null if nobody wants to see traces
  uint64_t seed = std::random_device{}(); ///< of the jitter of retries
};

} // namespace darkroom
