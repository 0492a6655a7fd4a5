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
  figures_ = job_figures{options_.counted, options_.queue.name};
  traces_ = job_traces{options_.tracing, options_.queue.name};
  random_.seed(options_.seed);
  // A restarted dispatcher must not use a token twice.
  token_start_ = options_.token_prefix + ":" + std::to_string(self_->id())
                 + ":";
  is_draining_ = options_.is_quiet;
  is_adopting_ = options_.is_restart;
  self_->delayed_send(self_, renew_interval(options_.queue), renew_v);
  if (is_adopting_) // running jobs were only not renewed: no stall
    self_->delayed_send(self_, 2 * options_.adoption, stalled_v);
  else
    self_->send(self_, stalled_v);
  self_->delayed_send(self_, options_.adoption, reap_v);
  if (is_adopting_) // Redis may still get a claim of the dead dispatcher
    reap_later(options_.adoption + store_timeout);
}

// Locks expire and booked starts soon end, so renewals, stalled checks and
// calls go to store B, where they wait for one step at most. Slow tasks go to
// store A: batches of hundreds of log lines, and the search for orphans, during
// which no claim is sent anyway.
job_store_actor dispatcher_state::store_for(store_task what) const {
  auto which = role::job_store_b;
  switch (what) {
    case store_task::updates:
    case store_task::orphans:
      which = role::job_store_a;
      break;
    case store_task::renewal:
    case store_task::stalled_check:
    case store_task::call:
      break;
  }
  return peers_->find<job_store_actor>(which);
}

std::string dispatcher_state::next_token() {
  return token_start_ + std::to_string(++tokens_);
}

void dispatcher_state::pump_in(std::chrono::milliseconds delay) {
  auto at = self_->clock().now() + delay;
  if (pump_at_ && *pump_at_ <= at)
    return; // the planned pump comes early enough
  pump_at_ = at;
  self_->delayed_send(self_, delay, pump_v);
}

void dispatcher_state::pump() {
  if (pump_at_ && *pump_at_ <= self_->clock().now())
    pump_at_.reset();
  figures_.limited(budget_.limited_until(), options_.now());
  budget_.lift_limit(options_.now());
  repeat_lost();
  if (is_reap_wanted_ && budget_.pending() == 0 && !is_reaping_)
    reap_now();
  if (is_watching_ && (is_reap_wanted_ || is_draining_)) {
    // Repeated, because a watch of a dead dispatcher may have taken the
    // wake-up.
    options_.wake_watcher();
    pump_in(retry_interval);
  }
  ask_permits();
  for (auto& store : stores_)
    if (!store.is_busy)
      send_step(store);
  if (!is_watching_ && !budget_.expects_work() && may_claim()
      && budget_.allowance(table_) > 0)
    send_watch();
  if (auto now = options_.now(); budget_.is_limited(now))
    pump_in(std::chrono::milliseconds{budget_.limited_until() - now});
  send_acknowledged();
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
        self->state.take_outcomes(pool, batch);
    },
    [self](update_batch& batch) {
      auto pool = caf::actor_cast<caf::actor_addr>(self->current_sender());
      if (!is_dropped(validate(batch), "dispatcher dropped updates", pool))
        self->state.store_updates(batch);
    },
    [self](const node_lost& node) { self->state.leave(node.name); },
    [self](const provider_query& call) { return self->state.book(call); },
    [self](const provider_report& call) {
      return self->state.take_report(call);
    },
    [self](const result_query& query) -> caf::result<known_result> {
      if (is_dropped(validate(query), "dispatcher dropped a query",
                     caf::actor_cast<caf::actor_addr>(self->current_sender())))
        return caf::sec::invalid_argument;
      auto catalog = self->state.catalog();
      if (!catalog)
        return caf::make_error(caf::sec::cannot_connect_to_node);
      return self->delegate(catalog, query);
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
