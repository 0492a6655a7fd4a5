/// The dispatcher's claims: it gets jobs from the stores and the watcher, and
/// sends them to the pools.
#include "actors/dispatcher.hpp"
#include "actors/job_event.hpp"
#include "actors/jobs/job_subject.hpp"
#include "actors/restarted.hpp"
#include "config/defaults.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

bool dispatcher_state::may_claim() const {
  return !is_draining_ && !is_reap_wanted_ && !is_reaping_
         && !kept_.are_held_up() && !budget_.is_limited(options_.now());
}

std::vector<slot_group>
dispatcher_state::groups_of(const pending_claim& what) const {
  if (!options_.unknown_wait && table_.is_uniform())
    return {};
  return table_.groups(what.slots);
}

std::vector<dispatcher_state::ending> dispatcher_state::next_endings() {
  std::vector<ending> out;
  while (!endings_.empty() && out.size() < max_batch) {
    out.push_back(std::move(endings_.front()));
    endings_.pop_front();
  }
  return out;
}

uint32_t dispatcher_state::slotless_of(const std::vector<ending>& batch) {
  uint32_t sum = 0;
  for (const auto& x : batch) {
    const auto* held = table_.find(x.how.job_id, x.how.token);
    // A job that goes back holds a slot until its run ends.
    sum += held != nullptr && !held->holds_slot;
  }
  return sum;
}

void dispatcher_state::send_step(store_slot& store) {
  auto batch = next_endings();
  auto half = std::max<uint32_t>(1, (table_.slots() + 1) / 2);
  auto settles = slotless_of(batch);
  uint32_t wanted = 0;
  if (may_claim() && (budget_.expects_work() || !batch.empty()))
    wanted = std::min({budget_.allowance(table_, settles), half, max_batch});
  if (batch.empty() && wanted == 0)
    return;
  store_step message;
  for (auto& x : batch) {
    std::move(x.updates.begin(), x.updates.end(),
              std::back_inserter(message.updates));
    x.updates.clear();
    message.settle.push_back(x.how);
  }
  auto asked = budget_.open(table_, wanted, settles, options_.now());
  message.claim = wanted;
  message.groups = groups_of(asked);
  if (wanted > 0)
    message.token = next_token();
  store.is_busy = true;
  auto shared = std::make_shared<std::vector<ending>>(std::move(batch));
  self_
    ->request(peers_->find<job_store_actor>(store.which), store_timeout,
              std::move(message))
    .then(
      [this, &store, shared, asked](store_reply& reply) {
        on_step_answer(store, std::move(*shared), asked, std::move(reply));
      },
      [this, &store, shared, asked](caf::error& reason) {
        store_reply failed;
        failed.failure = self_->system().render(reason);
        failed.is_unsent = never_arrived(reason);
        if (failed.is_unsent)
          pump_in(restart_poll); // the store is being restarted
        on_step_answer(store, std::move(*shared), asked, std::move(failed));
      });
}

void dispatcher_state::on_step_answer(store_slot& store,
                                      std::vector<ending> batch,
                                      const pending_claim& asked,
                                      store_reply reply) {
  store.is_busy = false;
  note_trouble(reply.failure);
  budget_.close(table_, asked);
  if (!reply.failure.empty()) {
    for (auto i = batch.rbegin(); i != batch.rend(); ++i) {
      i->resent = i->resent || !reply.is_unsent;
      endings_.push_front(std::move(*i));
    }
    if (asked.wanted > 0 && reply.is_unsent)
      report_permits(0, asked.wanted, 0, 0);
    else if (asked.wanted > 0)
      lose_claim(asked.wanted);
    pump_in(retry_interval);
    return;
  }
  for (size_t i = 0; i < batch.size(); ++i)
    on_settled(batch[i], static_cast<settle_status>(reply.statuses[i]));
  if (asked.wanted > 0)
    on_claim_answer(asked, std::move(reply));
  send_events();
  pump();
}

void dispatcher_state::send_watch() {
  auto wanted = std::min(budget_.allowance(table_), max_batch);
  auto asked = budget_.open(table_, wanted, 0, 0);
  auto deadline = options_.now() + options_.queue.drain_delay.count();
  if (auto due = budget_.next_due(); due > 0)
    deadline = std::min(deadline, due);
  is_watching_ = true;
  watch_request message{next_token(), asked.wanted, deadline, groups_of(asked)};
  auto limit = options_.queue.drain_delay + store_timeout;
  self_
    ->request(peers_->find<job_watcher_actor>(role::job_watcher), limit,
              std::move(message))
    .then([this, asked](
            store_reply& reply) { on_watch_answer(asked, std::move(reply)); },
          [this, asked](caf::error& reason) {
            store_reply failed;
            failed.failure = self_->system().render(reason);
            failed.is_unsent = never_arrived(reason);
            on_watch_answer(asked, std::move(failed));
          });
}

void dispatcher_state::on_watch_answer(const pending_claim& asked,
                                       store_reply reply) {
  is_watching_ = false;
  note_trouble(reply.failure);
  budget_.close(table_, asked);
  if (!reply.failure.empty()) {
    if (reply.is_unsent)
      report_permits(0, asked.wanted, 0, 0);
    else
      lose_claim(asked.wanted);
    // A store answers at once, even without work; a watch may wait for work.
    budget_.expect_work();
    pump_in(retry_interval);
    return;
  }
  on_claim_answer(asked, std::move(reply));
  send_events();
  pump();
}

void dispatcher_state::on_claim_answer(const pending_claim& asked,
                                       store_reply reply) {
  report_claim(asked, reply);
  for (const auto& name : budget_.learn(asked, reply, table_))
    spdlog::warn("no node runs '{}' jobs: they wait for one that does", name);
  start_jobs(std::move(reply.jobs));
  budget_.look_aside(table_);
}

void dispatcher_state::start_jobs(std::vector<job> jobs) {
  std::map<caf::actor_addr, job_batch> batches;
  for (auto& x : jobs) {
    auto* entry = table_.freest(x.name, !options_.unknown_wait);
    if (entry == nullptr || is_draining_) {
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
    if (options_.publish || part) {
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
    figures_.started(added.work, added.started);
    if (!added.image_id.empty() && part)
      self_->send(peers_->find<catalog_actor>(role::catalog),
                  part_note{{x.id, x.timestamp, x.attempt},
                            added.image_id,
                            added.file_path,
                            *part,
                            {}});
    if (options_.publish)
      events_.events.push_back(active_event(added, node));
    batches[added.pool.address()].jobs.push_back(std::move(x));
  }
  for (auto& [pool, batch] : batches) {
    if (auto found = acknowledged_.find(pool); found != acknowledged_.end()) {
      batch.settled = std::move(found->second);
      acknowledged_.erase(found);
    }
    self_->send(caf::actor_cast<processor_pool_actor>(pool), std::move(batch));
  }
}

} // namespace darkroom
