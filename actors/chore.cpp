#include "actors/chore.hpp"

#include "actors/mailbox.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

chore_actor::behavior_type
chore(chore_actor::stateful_pointer<chore_state> self, std::string failed,
      std::chrono::milliseconds every, std::function<status()> work) {
  answer_mailbox(self);
  self->send(self, poll_v);
  return {
    [self, every, failed = std::move(failed), work = std::move(work)](poll) {
      auto done = work();
      if (!done && !self->state.has_failed)
        spdlog::warn("{}: {}", failed, done.error().context);
      self->state.has_failed = !done;
      self->delayed_send(self, every, poll_v);
    },
  };
}

} // namespace darkroom
