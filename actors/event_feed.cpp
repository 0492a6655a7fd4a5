#include "actors/event_feed.hpp"

#include "actors/mailbox.hpp"
#include "config/defaults.hpp"

namespace darkroom {

event_feed_actor::behavior_type
event_feed(event_feed_actor::stateful_pointer<event_feed_state> self,
           redis_settings redis, std::string channel, event_sink sink,
           std::shared_ptr<wake_signal> wake) {
  answer_mailbox(self);
  self->state.messages = std::make_unique<subscription>(redis, channel);
  self->send(self, poll_v);
  return {
    [self, sink, wake](poll) {
      auto text = self->state.messages->next(reader_block, *wake);
      if (!text) {
        self->delayed_send(self, retry_interval, poll_v);
        return;
      }
      if (!text->empty())
        sink(*text);
      self->send(self, poll_v);
    },
  };
}

} // namespace darkroom
