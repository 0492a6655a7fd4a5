/// The things from which the actors of one process are built.
#pragma once

#include "actors/broker.hpp"
#include "actors/directory.hpp"
#include "actors/event_feed.hpp"
#include "actors/node_traits.hpp"
#include "actors/processor.hpp"
#include "config/load.hpp"
#include "config/queue_context.hpp"
#include "config/settings.hpp"
#include "services/codec/codec_tally.hpp"
#include "services/metrics/metrics.hpp"
#include "services/redis/connection.hpp"
#include "services/storage/main_mark.hpp"
#include "services/trace/tracer.hpp"

#include <caf/fwd.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

/// Lives as long as the process; children of supervisors refer to it.
struct node_context {
  caf::actor_system& system;
  const settings& config;
  std::string name;    ///< of the node
  std::string boot_id; ///< random, of this process
  queue_context queue = {};
  /// `config`, with what was changed by a reload since.
  std::shared_ptr<live_value<settings>> live
    = std::make_shared<live_value<settings>>(config);
  /// The same for the limits in `queue`.
  std::shared_ptr<live_limits> limits = {};
  /// Loads the settings again, from where they came; empty: HUP does nothing.
  settings_source load_again = {};
  /// Called in the main thread with new settings.
  std::vector<std::function<void(const settings&)>> on_reload = {};
  directory_ptr peers = std::make_shared<directory>();
  /// Ends the job watcher's wait; raised for drains and reaps.
  std::shared_ptr<wake_signal> watcher_wake = std::make_shared<wake_signal>();
  /// Ends the readers' waits; raised once, when the process stops.
  std::shared_ptr<wake_signal> stopping = std::make_shared<wake_signal>();
  /// The bound port of the registry; 0 until it is published.
  std::shared_ptr<std::atomic<uint16_t>> cluster_port
    = std::make_shared<std::atomic<uint16_t>>(0);
  /// The counters and gauges of the process, for `GET /metrics`.
  metrics_ptr counted = std::make_shared<metrics>();
  tracer_ptr tracing = {};  ///< takes the spans of the process; may be null
  event_sink on_event = {}; ///< takes events for browsers; may be empty
  caf::weak_actor_ptr root = {}; ///< the top SUPERVISOR, once it runs
  tools_factory make_tools = {}; ///< for processors
  /// Counts what the tools' codec processes do; null if there are no tools.
  std::shared_ptr<codec_tally> codecs = {};
  /// Rises when settings of the tools have changed.
  std::shared_ptr<std::atomic<uint64_t>> tools_round
    = std::make_shared<std::atomic<uint64_t>>(0);
  /// Jobs at once, of a node that runs jobs.
  std::shared_ptr<std::atomic<uint32_t>> slots
    = std::make_shared<std::atomic<uint32_t>>(0);
  std::vector<std::string> job_types = {}; ///< run by its pool
  /// A main node that runs jobs itself. No worker node can join it.
  bool has_pool = false;
  broker_of broker = plain_broker; ///< opens connections to other nodes
  /// What protects the port for worker nodes; empty if there is no such port.
  std::string security = {};
  node_traits traits = {}; ///< of a main node: its workers' must be equal
  main_mark mark = {};     ///< what it left beside the pictures
  /// The node takes no more jobs. An actor that is restarted must not begin to
  /// take jobs again.
  std::atomic<bool> is_quiet = false;
  /// See `processor_pool_options`.
  std::shared_ptr<std::atomic<bool>> is_cordoned
    = std::make_shared<std::atomic<bool>>(false);
  bool allows_chaos = false; ///< `--chaos`
  /// See `uplink_options`.
  std::shared_ptr<std::atomic<int64_t>> away_until
    = std::make_shared<std::atomic<int64_t>>(0);
  /// The node drains, so its process must not restart itself any more.
  std::atomic<bool> is_leaving = false;
  bool has_dispatched = false; ///< the next dispatcher is not the first
  /// The fence of the active main node's lease; 0 without a lease.
  uint64_t fence = 0;
  /// Called before the process ends because its actors keep failing; may be
  /// empty.
  std::function<void()> last_words = {};
  /// How long workers may take to find this main node after it took over.
  std::chrono::milliseconds adoption{0};
};

} // namespace darkroom
