/// The main node's side of the bridge: from Redis to the event stream.
#pragma once

#include "actors/channel_echo.hpp"
#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/redis/event_ring.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/subscription.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

/// What a feed tells the event stream. Called in the feed's thread; must not
/// block. All or none are set.
struct event_sink {
  /// The newest event that the stream has, and its time (ms); 0 at first.
  std::function<std::pair<uint64_t, int64_t>()> newest;
  std::function<void(const kept_event&)> event;
  /// Redis lost events that were handed on; their numbers may come again.
  std::function<void()> restarted;
  /// Everything that the ring had is handed on.
  std::function<void()> ready;
  /// Other programs' events that Redis did not keep are lost.
  std::function<void()> lost;
  std::function<void(const queue_counts&)> counts;

  explicit operator bool() const {
    return static_cast<bool>(event);
  }
};

/// Data and logic of an EVENT FEED. It hands on what the channel's ring has. It
/// listens to the channel to know when to look, and to add to the ring what
/// other programs publish there.
class event_feed_state {
public:
  static inline const char* name = "event_feed";

  void init(const redis_settings& redis, const queue_settings& queue,
            const std::string& channel, uint32_t length, event_sink sink);

  /// Waits for up to `limit` for messages, and hands on what is new.
  /// @returns ec::cancelled once woken, ec::redis_unavailable while Redis is
  ///   away: call it again
  status step(std::chrono::milliseconds limit, const wake_signal& wake);

private:
  status open();
  status listen(std::chrono::milliseconds limit, const wake_signal& wake);
  status hand_on();
  status settle_heard();
  void record(std::vector<std::string> foreign);
  void count();
  void tell_if_refused(const status& opened);

  event_sink sink_;
  std::string listener_; ///< the name of this one
  std::unique_ptr<subscription> messages_;
  std::unique_ptr<event_ring> ring_;
  std::unique_ptr<job_queue> queue_;
  channel_echo echo_;
  std::vector<std::string> heard_; ///< messages that were not looked at yet
  std::chrono::steady_clock::time_point next_count_{};
  bool refused_ = false;       ///< Redis did not keep the last foreign event
  bool is_unreadable_ = false; ///< Redis does not let us read the ring
};

/// Spawn it detached: it blocks until a message comes or `wake` is raised.
/// @param length how many events the ring keeps
event_feed_actor::behavior_type
event_feed(event_feed_actor::stateful_pointer<event_feed_state> self,
           redis_settings redis, queue_settings queue, std::string channel,
           uint32_t length, event_sink sink, std::shared_ptr<wake_signal> wake);

} // namespace darkroom
