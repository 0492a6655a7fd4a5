/// Tells the web tier about jobs, over Redis pub/sub, and keeps what it told
/// for browsers that come back.
#pragma once

#include "actors/event_filter.hpp"
#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/metrics/metrics.hpp"
#include "services/redis/event_ring.hpp"
#include "services/redis/keys.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

struct publisher_options {
  redis_settings redis;
  queue_settings queue;
  event_settings events;
  uint32_t kept = 0;        ///< how many events the channel's ring keeps
  metrics_ptr counted;      ///< counts the published and the lost events
  announcements_ptr others; ///< who else announces jobs; may be null
};

/// Data and logic of an EVENT PUBLISHER. While Redis is away, events wait, up
/// to a bound; then the oldest are lost. The queue itself does not depend on
/// events.
class event_publisher_state {
public:
  static inline const char* name = "event_publisher";

  void init(const publisher_options& options);

  /// @returns whether events wait: call it again, also without new ones
  bool publish(const event_batch& batch);
  bool publish(const provider_alert& what);

  bool is_retry_due = false; ///< of the actor: it will call again by itself

private:
  void add_sizes(std::vector<worker_event>& events);
  bool send(std::vector<std::string> texts);
  status send_part(const std::vector<std::string>& texts);
  void note_sent(const status& sent, size_t events);
  void drop_oldest();

  std::unique_ptr<event_ring> ring_;
  std::unique_ptr<event_filter> filter_;
  std::string wait_key_;
  std::string queue_;
  std::string channel_;
  metrics_ptr counted_;
  std::deque<std::vector<std::string>> unsent_; ///< texts, a list per call
  uint64_t waiting_jobs_ = 0;                   ///< when Redis last told
  bool failed_ = false;                         ///< the last call failed
  bool is_ring_refused_ = false; ///< the last events were not kept
};

/// Spawn it detached.
event_publisher_actor::behavior_type event_publisher(
  event_publisher_actor::stateful_pointer<event_publisher_state> self,
  const publisher_options& options);

} // namespace darkroom
