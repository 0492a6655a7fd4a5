/// The main node's side of the bridge: from Redis pub/sub to the event stream.
#pragma once

#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/redis/subscription.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace darkroom {

/// Takes the JSON of an event. Called in the feed's thread; must not block.
using event_sink = std::function<void(const std::string& json)>;

struct event_feed_state {
  static inline const char* name = "event_feed";
  std::unique_ptr<subscription> messages;
};

/// Spawn it detached: it blocks until a message comes or `wake` is raised.
event_feed_actor::behavior_type
event_feed(event_feed_actor::stateful_pointer<event_feed_state> self,
           redis_settings redis, std::string channel, event_sink sink,
           std::shared_ptr<wake_signal> wake);

} // namespace darkroom
