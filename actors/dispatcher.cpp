#include "actors/dispatcher.hpp"

#include "actors/mailbox.hpp"
#include "actors/validate.hpp"
#include "config/defaults.hpp"

#include <caf/sec.hpp>

namespace darkroom {

dispatcher_state::dispatcher_state(dispatcher_actor::pointer self)
  : self_(self) {}

void dispatcher_state::init(directory_ptr peers, dispatcher_options options) {
  peers_ = std::move(peers);
  options_ = std::move(options);
  budget_ = claim_budget{options_.queue.limit_max > 0};
  random_.seed(options_.seed);
  // A restarted dispatcher must not use a token twice.
  token_start_ = options_.token_prefix + ":" + std::to_string(self_->id())
                 + ":";
  draining_ = options_.is_quiet;
  adopting_ = options_.is_restart;
  self_->delayed_send(self_, renew_interval(options_.queue), renew_v);
  if (adopting_) // what runs somewhere is not stalled, only not renewed
    self_->delayed_send(self_, 2 * options_.adoption, stalled_v);
  else
    self_->send(self_, stalled_v);
  self_->delayed_send(self_, options_.adoption, reap_v);
  if (adopting_) // a claim of the dead one may still be on its way
    reap_later(options_.adoption + store_timeout);
}

std::string dispatcher_state::next_token() {
  return token_start_ + std::to_string(++tokens_);
}

void dispatcher_state::pump_in(std::chrono::milliseconds delay) {
  auto at = self_->clock().now() + delay;
  if (pump_at_ && *pump_at_ <= at)
    return; // one that is due later, at the end of a limit, does not do
  pump_at_ = at;
  self_->delayed_send(self_, delay, pump_v);
}

void dispatcher_state::pump() {
  if (pump_at_ && *pump_at_ <= self_->clock().now())
    pump_at_.reset();
  budget_.lift_limit(options_.now());
  repeat_lost();
  if (reap_wanted_ && budget_.pending() == 0 && !reaping_)
    reap_now();
  if (watching_ && (reap_wanted_ || draining_)) {
    // Again and again: a watch of a dead predecessor may have heard it.
    options_.wake_watcher();
    pump_in(retry_interval);
  }
  ask_permits();
  for (auto& store : stores_)
    if (!store.busy)
      step(store);
  if (!watching_ && !budget_.expects_work() && may_claim()
      && budget_.allowance(table_) > 0)
    watch();
  if (auto now = options_.now(); budget_.is_limited(now))
    pump_in(std::chrono::milliseconds{budget_.limited_until() - now});
  send_settled();
  finish_drain();
}

dispatcher_actor::behavior_type
dispatcher(dispatcher_actor::stateful_pointer<dispatcher_state> self,
           directory_ptr peers, dispatcher_options options) {
  answer_mailbox(self);
  self->set_down_handler(
    [self](caf::down_msg& message) { self->state.leave(message.source); });
  self->state.init(std::move(peers), std::move(options));
  return {
    [self](const pool_hello& hello) -> caf::result<uint32_t> {
      const auto& sender = self->current_sender();
      if (is_dropped(validate(hello), "dispatcher dropped a pool's hello",
                     caf::actor_cast<caf::actor_addr>(sender)))
        return caf::sec::invalid_argument;
      self->state.join(caf::actor_cast<processor_pool_actor>(sender), hello);
      return hello.slots;
    },
    [self](outcome_batch& batch) {
      auto pool = caf::actor_cast<caf::actor_addr>(self->current_sender());
      if (!is_dropped(validate(batch), "dispatcher dropped outcomes", pool))
        self->state.end(pool, batch);
    },
    [self](update_batch& batch) {
      auto pool = caf::actor_cast<caf::actor_addr>(self->current_sender());
      if (!is_dropped(validate(batch), "dispatcher dropped updates", pool))
        self->state.update(batch);
    },
    [self](const node_lost& node) { self->state.leave(node.name); },
    [self](const call_request& call) -> caf::result<int64_t> {
      if (is_dropped(validate(call), "dispatcher dropped a call",
                     caf::actor_cast<caf::actor_addr>(self->current_sender())))
        return caf::sec::invalid_argument;
      return self->delegate(self->state.store(), call);
    },
    [self](const cancel_jobs& jobs) { return self->state.cancel(jobs); },
    [self](look_work) { return self->state.look(); },
    [self](drain, int64_t grace_ms) { return self->state.drain(grace_ms); },
    [self](pump) { self->state.pump(); },
    [self](renew) { self->state.renew(); },
    [self](stalled) { self->state.check_stalled(); },
    [self](reap) { self->state.request_reap(); },
    [self](overdue) { self->state.hand_back_rest(); },
  };
}

} // namespace darkroom
