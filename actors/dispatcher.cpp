#include "actors/dispatcher.hpp"

#include "actors/job_event.hpp"
#include "actors/jobs/image_part.hpp"
#include "actors/validate.hpp"
#include "config/defaults.hpp"

#include <caf/sec.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

dispatcher_state::dispatcher_state(dispatcher_actor::pointer self)
  : self_(self) {}

void dispatcher_state::init(directory_ptr peers, dispatcher_options options) {
  peers_ = std::move(peers);
  options_ = std::move(options);
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

// -- claims -------------------------------------------------------------------

bool dispatcher_state::may_claim() const {
  return !draining_ && !reap_wanted_ && !reaping_
         && options_.now() >= limited_until_;
}

uint32_t dispatcher_state::claimable() const {
  auto free = table_.free_slots();
  free -= std::min(free, reserved_);
  if (options_.queue.limit_max > 0)
    free = std::min(free, permits_);
  return free;
}

void dispatcher_state::pump() {
  if (pump_at_ && *pump_at_ <= self_->clock().now())
    pump_at_.reset();
  if (limited_until_ != 0 && options_.now() >= limited_until_) {
    limited_until_ = 0;
    more_work_ = true; // nothing in Redis wakes us for what waited
  }
  repeat_lost();
  if (reap_wanted_ && claims_ == 0 && !reaping_)
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
  if (!watching_ && !more_work_ && may_claim() && claimable() > 0)
    watch();
  if (limited_until_ > options_.now())
    pump_in(std::chrono::milliseconds{limited_until_ - options_.now()});
  finish_drain();
}

void dispatcher_state::step(store_slot& store) {
  std::vector<ending> batch;
  auto half = std::max<uint32_t>(1, (table_.slots() + 1) / 2);
  while (!endings_.empty() && batch.size() < max_batch) {
    batch.push_back(std::move(endings_.front()));
    endings_.pop_front();
  }
  uint32_t wanted = 0;
  if (may_claim() && (more_work_ || !batch.empty()))
    wanted = std::min({claimable(), half, max_batch});
  if (batch.empty() && wanted == 0)
    return;
  store_step message;
  for (auto& x : batch) {
    std::move(x.updates.begin(), x.updates.end(),
              std::back_inserter(message.updates));
    x.updates.clear();
    message.settle.push_back(x.how);
  }
  message.claim = wanted;
  if (wanted > 0) {
    message.token = next_token();
    ++claims_;
    reserved_ += wanted;
    permits_ -= std::min(permits_, wanted);
  }
  store.busy = true;
  auto shared = std::make_shared<std::vector<ending>>(std::move(batch));
  self_
    ->request(peers_->find<job_store_actor>(store.which), store_timeout,
              std::move(message))
    .then(
      [this, &store, shared, wanted](store_reply& reply) {
        stepped(store, std::move(*shared), wanted, std::move(reply));
      },
      [this, &store, shared, wanted](caf::error& reason) {
        store_reply failed;
        failed.failure = self_->system().render(reason);
        stepped(store, std::move(*shared), wanted, std::move(failed));
      });
}

void dispatcher_state::stepped(store_slot& store, std::vector<ending> batch,
                               uint32_t wanted, store_reply reply) {
  store.busy = false;
  if (wanted > 0) {
    --claims_;
    reserved_ -= wanted;
  }
  if (!reply.failure.empty()) {
    spdlog::warn("dispatcher keeps {} settlements: {}", batch.size(),
                 reply.failure);
    for (auto i = batch.rbegin(); i != batch.rend(); ++i) {
      i->resent = true;
      endings_.push_front(std::move(*i));
    }
    if (wanted > 0)
      lose_claim(wanted);
    pump_in(retry_interval);
    return;
  }
  for (size_t i = 0; i < batch.size(); ++i)
    settled(batch[i], static_cast<settle_status>(reply.statuses[i]));
  if (wanted > 0) {
    more_work_ = reply.jobs.size() == wanted;
    book_limits(wanted, reply);
    take_jobs(std::move(reply.jobs));
  }
  tell_events();
  pump();
}

void dispatcher_state::watch() {
  auto wanted = std::min(claimable(), max_batch);
  auto deadline = options_.now() + options_.queue.drain_delay.count();
  if (next_due_ > 0)
    deadline = std::min(deadline, next_due_);
  watching_ = true;
  ++claims_;
  reserved_ += wanted;
  permits_ -= std::min(permits_, wanted);
  watch_request message{next_token(), wanted, deadline};
  auto limit = options_.queue.drain_delay + store_timeout;
  self_
    ->request(peers_->find<job_watcher_actor>(role::job_watcher), limit,
              std::move(message))
    .then([this,
           wanted](store_reply& reply) { watched(wanted, std::move(reply)); },
          [this, wanted](caf::error& reason) {
            store_reply failed;
            failed.failure = self_->system().render(reason);
            watched(wanted, std::move(failed));
          });
}

void dispatcher_state::watched(uint32_t wanted, store_reply reply) {
  watching_ = false;
  --claims_;
  reserved_ -= wanted;
  if (!reply.failure.empty()) {
    if (reply.is_unsent)
      report_permits(0, wanted, 0);
    else
      lose_claim(wanted);
    pump_in(retry_interval);
    return;
  }
  more_work_ = !reply.jobs.empty() && reply.jobs.size() == wanted;
  book_limits(wanted, reply);
  take_jobs(std::move(reply.jobs));
  tell_events();
  pump();
}

void dispatcher_state::take_jobs(std::vector<job> jobs) {
  std::map<caf::actor_addr, job_batch> batches;
  for (auto& x : jobs) {
    auto* entry = table_.freest();
    if (entry == nullptr || draining_) {
      // The pool left, or a drain began, while the claim was on its way.
      lease homeless;
      homeless.work = x;
      homeless.holds_slot = false;
      table_.add(std::move(homeless));
      give_back(key_of(x.id, x.token), false);
      continue;
    }
    lease held;
    auto part = part_of(x.name);
    if (options_.publish || !part.empty()) {
      auto subject = subject_of(x.data);
      held.image_id = std::move(subject.image_id);
      held.file_path = std::move(subject.file_path);
    }
    held.pool = entry->pool;
    held.started = options_.now();
    held.work = x;
    held.work.data.clear();
    auto node = entry->node;
    auto& added = table_.add(std::move(held));
    if (!added.image_id.empty() && !part.empty())
      self_->send(peers_->find<catalog_actor>(role::catalog),
                  part_note{{x.id, x.timestamp, x.attempt},
                            added.image_id,
                            added.file_path,
                            part,
                            {}});
    if (options_.publish)
      events_.events.push_back(active_event(added, node));
    batches[added.pool.address()].jobs.push_back(std::move(x));
  }
  for (auto& [pool, batch] : batches)
    self_->send(caf::actor_cast<processor_pool_actor>(pool), std::move(batch));
}

dispatcher_actor::behavior_type
dispatcher(dispatcher_actor::stateful_pointer<dispatcher_state> self,
           directory_ptr peers, dispatcher_options options) {
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
      self->state.end(caf::actor_cast<caf::actor_addr>(self->current_sender()),
                      batch);
    },
    [self](update_batch& batch) { self->state.update(batch); },
    [self](const node_lost& node) { self->state.leave(node.name); },
    [self](const call_request& call) -> caf::result<int64_t> {
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
