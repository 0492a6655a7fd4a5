/// Tells the web tier about jobs, over Redis pub/sub.
#pragma once

#include "actors/event_filter.hpp"
#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/metrics/metrics.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace darkroom {

/// Data and logic of an EVENT PUBLISHER. An event that cannot be published is
/// lost, like with any pub/sub; the queue itself does not depend on events.
class event_publisher_state {
public:
  static inline const char* name = "event_publisher";

  void init(const redis_settings& redis, const queue_settings& queue,
            const event_settings& events, metrics_ptr counted);

  void publish(const event_batch& batch);
  void publish(const provider_alert& what);

private:
  status send(std::vector<worker_event> events);
  status send_texts(const std::vector<std::string>& texts);
  void note_sent(const status& sent, size_t events);

  std::unique_ptr<redis_connection> redis_;
  std::unique_ptr<event_filter> filter_;
  std::string wait_key_;
  std::string queue_;
  std::string channel_;
  metrics_ptr counted_;
  bool failed_ = false; ///< the last publish failed
};

/// Spawn it detached.
/// @param counted counts the published and the lost events
event_publisher_actor::behavior_type event_publisher(
  event_publisher_actor::stateful_pointer<event_publisher_state> self,
  redis_settings redis, queue_settings queue, event_settings events,
  metrics_ptr counted);

} // namespace darkroom
