#include "actors/lease_keeper.hpp"

#include "actors/mailbox.hpp"

#include <spdlog/spdlog.h>

namespace darkroom {

lease_keeper_actor::behavior_type
lease_keeper(lease_keeper_actor::stateful_pointer<lease_keeper_state> self,
             std::function<std::unique_ptr<main_lease>()> open,
             lease_lost on_lost) {
  answer_mailbox(self);
  self->state.lease = open();
  self->send(self, renew_v);
  return {
    [self, on_lost](renew) {
      auto& lease = *self->state.lease;
      // Two renewals may fail before the lease expires.
      self->delayed_send(self, lease.duration() / 3, renew_v);
      auto state = lease.take();
      if (!state)
        spdlog::warn("the lease of the main node is not renewed: {}",
                     state.error().context);
      else if (state->fence == 0)
        on_lost(state->holder);
    },
  };
}

} // namespace darkroom
