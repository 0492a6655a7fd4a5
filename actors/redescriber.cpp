#include "actors/redescriber.hpp"

#include "actors/mailbox.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

redescriber_actor::behavior_type
redescriber(redescriber_actor::stateful_pointer<redescriber_state> self,
            std::chrono::milliseconds every, std::function<status()> look) {
  answer_mailbox(self);
  self->send(self, poll_v);
  return {
    [self, every, look = std::move(look)](poll) {
      if (auto done = look(); !done)
        spdlog::warn("pictures of a lower provider could not be described "
                     "again: {}",
                     done.error().context);
      self->delayed_send(self, every, poll_v);
    },
  };
}

} // namespace darkroom
