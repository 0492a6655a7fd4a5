/// The dispatcher's claims: jobs for free slots, from the stores and the
/// watcher.
#include "actors/dispatcher.hpp"
#include "actors/job_event.hpp"
#include "actors/jobs/job_subject.hpp"
#include "actors/restarted.hpp"
#include "config/defaults.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

namespace {

constexpr size_t most_homeless = 1000; // names that the log warns of

} // namespace

size_t dispatcher_state::unstored() const {
  return early_.size() + committing_ + uncommitted_.size();
}

bool dispatcher_state::may_claim() const {
  // Where results wait for a catalog that is away, no more are made.
  auto is_held_up = catalog_is_away_ && unstored() > 0;
  return !draining_ && !reap_wanted_ && !reaping_ && !is_held_up
         && options_.now() >= limited_until_;
}

uint32_t dispatcher_state::claimable(uint32_t settles) const {
  auto active = table_.unsettled() + doubtful_;
  for (const auto& x : stores_) // what it takes is reserved
    settles += std::min(x.settles, x.claims);
  auto free = table_.free_slots();
  if (active > settles)
    free -= static_cast<uint32_t>(std::min<size_t>(free, active - settles));
  if (options_.queue.limit_max > 0)
    free = std::min(free, permits_);
  return free;
}

dispatcher_state::claim dispatcher_state::begin_claim(uint32_t wanted) {
  claim out;
  out.wanted = wanted;
  if (wanted == 0)
    return out;
  out.slots = table_.reserve(wanted);
  out.number = ++begun_claims_;
  ++claims_;
  permits_ -= std::min(permits_, wanted);
  return out;
}

std::vector<slot_group> dispatcher_state::groups_of(const claim& what) const {
  if (!options_.queue.unknown_wait && table_.is_uniform())
    return {};
  return table_.groups(what.slots);
}

void dispatcher_state::note_trouble(const std::string& failure) {
  trouble_ = failure;
  if (failure.empty())
    troubles_.clear();
  else if (troubles_.insert(failure).second) // tried ten times a second
    spdlog::warn("dispatcher waits for Redis: {}", failure);
}

bool dispatcher_state::is_asking() const {
  auto is_limited = limited_until_ > options_.now();
  return watching_ || (pump_at_ && !is_limited) || claims_ > 0 || reap_wanted_
         || reaping_ || !endings_.empty()
         || std::any_of(std::begin(stores_), std::end(stores_),
                        [](const auto& x) { return x.busy; });
}

void dispatcher_state::end_claim(const claim& what) {
  if (what.wanted == 0)
    return;
  --claims_;
  table_.release(what.slots);
}

std::vector<dispatcher_state::ending> dispatcher_state::next_endings() {
  std::vector<ending> out;
  while (!endings_.empty() && out.size() < max_batch) {
    out.push_back(std::move(endings_.front()));
    endings_.pop_front();
  }
  return out;
}

uint32_t dispatcher_state::unsettled_of(const std::vector<ending>& batch) {
  uint32_t sum = 0;
  for (const auto& x : batch) {
    const auto* held = table_.find(x.how.job_id, x.how.token);
    // A late run of a job that goes back has its slot.
    sum += held != nullptr && !held->holds_slot;
  }
  return sum;
}

void dispatcher_state::step(store_slot& store) {
  auto batch = next_endings();
  auto half = std::max<uint32_t>(1, (table_.slots() + 1) / 2);
  auto settles = unsettled_of(batch);
  uint32_t wanted = 0;
  if (may_claim() && (more_work_ || !batch.empty()))
    wanted = std::min({claimable(settles), half, max_batch});
  if (batch.empty() && wanted == 0)
    return;
  store_step message;
  for (auto& x : batch) {
    std::move(x.updates.begin(), x.updates.end(),
              std::back_inserter(message.updates));
    x.updates.clear();
    message.settle.push_back(x.how);
  }
  auto asked = begin_claim(wanted);
  asked.sent = options_.now();
  message.claim = wanted;
  message.groups = groups_of(asked);
  if (wanted > 0)
    message.token = next_token();
  store = {store.which, true, settles, wanted};
  auto shared = std::make_shared<std::vector<ending>>(std::move(batch));
  self_
    ->request(peers_->find<job_store_actor>(store.which), store_timeout,
              std::move(message))
    .then(
      [this, &store, shared, asked](store_reply& reply) {
        stepped(store, std::move(*shared), asked, std::move(reply));
      },
      [this, &store, shared, asked](caf::error& reason) {
        store_reply failed;
        failed.failure = self_->system().render(reason);
        failed.is_unsent = never_arrived(reason);
        if (failed.is_unsent)
          pump_in(restart_poll); // the store is being started anew
        stepped(store, std::move(*shared), asked, std::move(failed));
      });
}

void dispatcher_state::stepped(store_slot& store, std::vector<ending> batch,
                               const claim& asked, store_reply reply) {
  store = {store.which};
  note_trouble(reply.failure);
  end_claim(asked);
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
    settled(batch[i], static_cast<settle_status>(reply.statuses[i]));
  if (asked.wanted > 0)
    claimed(asked, std::move(reply));
  tell_events();
  pump();
}

void dispatcher_state::watch() {
  auto asked = begin_claim(std::min(claimable(), max_batch));
  auto deadline = options_.now() + options_.queue.drain_delay.count();
  if (next_due_ > 0)
    deadline = std::min(deadline, next_due_);
  watching_ = true;
  watch_request message{next_token(), asked.wanted, deadline, groups_of(asked)};
  auto limit = options_.queue.drain_delay + store_timeout;
  self_
    ->request(peers_->find<job_watcher_actor>(role::job_watcher), limit,
              std::move(message))
    .then([this,
           asked](store_reply& reply) { watched(asked, std::move(reply)); },
          [this, asked](caf::error& reason) {
            store_reply failed;
            failed.failure = self_->system().render(reason);
            failed.is_unsent = never_arrived(reason);
            watched(asked, std::move(failed));
          });
}

void dispatcher_state::watched(const claim& asked, store_reply reply) {
  watching_ = false;
  note_trouble(reply.failure);
  end_claim(asked);
  if (!reply.failure.empty()) {
    if (reply.is_unsent)
      report_permits(0, asked.wanted, 0, 0);
    else
      lose_claim(asked.wanted);
    // As far as we know: a store tells at once, and no watch does.
    more_work_ = true;
    pump_in(retry_interval);
    return;
  }
  claimed(asked, std::move(reply));
  tell_events();
  pump();
}

void dispatcher_state::claimed(const claim& asked, store_reply reply) {
  more_work_ = !reply.jobs.empty() && reply.jobs.size() == asked.wanted;
  book_limits(asked, reply);
  note_aside(asked, reply);
  take_jobs(std::move(reply.jobs));
  for (const auto& [name, claims] : aside_)
    more_work_ |= table_.has_room(name); // nothing in Redis wakes us for it
}

// A claim knows the slots of the time when it began: a job that it set aside
// may have one by now.
void dispatcher_state::note_aside(const claim& asked,
                                  const store_reply& reply) {
  std::erase_if(aside_, [&](const auto& x) {
    auto is_it = [&](const job& taken) {
      return taken.name == x.first;
    };
    return asked.number > x.second && table_.has_slot(asked.slots, x.first)
           && std::none_of(reply.jobs.begin(), reply.jobs.end(), is_it);
  });
  for (const auto& name : reply.set_aside) {
    if (table_.is_run(name))
      aside_[name] = begun_claims_;
    else if (homeless_.size() < most_homeless && homeless_.insert(name).second)
      spdlog::warn("no node runs '{}' jobs: they wait for one that does", name);
  }
}

void dispatcher_state::take_jobs(std::vector<job> jobs) {
  std::map<caf::actor_addr, job_batch> batches;
  for (auto& x : jobs) {
    auto* entry = table_.freest(x.name, !options_.queue.unknown_wait);
    if (entry == nullptr || draining_) {
      // Its pool left, or a drain began, while the claim was on its way.
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
    if (auto found = settled_.find(pool); found != settled_.end()) {
      batch.settled = std::move(found->second);
      settled_.erase(found);
    }
    self_->send(caf::actor_cast<processor_pool_actor>(pool), std::move(batch));
  }
}

} // namespace darkroom
