/// The dispatcher's outcomes: what happens after a job has run.
#include "actors/dispatcher.hpp"
#include "actors/job_event.hpp"
#include "actors/jobs/job_subject.hpp"
#include "actors/settle.hpp"
#include "actors/validate.hpp"
#include "config/defaults.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

namespace {

/// A run that succeeded, of a job that may not complete: as in BullMQ, a
/// failure; for good where a child has failed.
outcome held_back(const std::string& job_id, settle_status why) {
  outcome out;
  out.job_id = job_id;
  if (why == settle_status::has_children) {
    out.kind = outcome_kind::failed;
    out.reason = "job " + job_id
                 + " has pending dependencies: children that "
                   "have not finished";
  } else {
    out.kind = outcome_kind::refused;
    out.reason = "cannot complete job " + job_id
                 + " because it has at least one failed child";
  }
  return out;
}

} // namespace

void dispatcher_state::end(const caf::actor_addr& pool, outcome_batch& batch) {
  for (auto& x : batch.outcomes) {
    if (auto problem = validate(x);
        is_dropped(problem, "dispatcher dropped an outcome", pool)) {
      auto serial = x.serial;
      x = invalid_outcome(x.job_id, x.token, problem);
      x.serial = serial;
    }
    auto* held = table_.find(x.job_id, x.token);
    auto is_of_pool = held != nullptr && held->pool.address() == pool;
    if (is_of_pool && x.serial > 0 && held->serial == x.serial)
      continue; // sent again over a new link: it is being settled
    if (!is_of_pool || !held->holds_slot) {
      refuse(x);
      tell_settled(pool, x.serial);
      continue;
    }
    table_.free_slot(*held);
    held->serial = x.serial;
    auto key = key_of(x.job_id, x.token);
    if (held->lost) {
      refuse(x);
      close(key);
    } else if (held->updates_in_flight > 0) {
      kept_.keep_early(key, std::move(x));
    } else {
      finish(*held, std::move(x));
    }
  }
  pump();
}

void dispatcher_state::refuse(const outcome& ended) {
  spdlog::warn("dispatcher refused the result of job {}: it is another's now",
               ended.job_id);
  for (const auto& x : ended.commit)
    if (!x.files.empty())
      self_->send(peers_->find<catalog_actor>(role::catalog),
                  void_files{x.files});
}

void dispatcher_state::close(const std::string& key) {
  const auto* x = table_.find(key);
  // Where it is void, its pool says when its slot is free.
  if (x == nullptr || x->holds_slot || x->is_ending)
    return;
  tell_settled(x->pool.address(), x->serial);
  table_.erase(key);
}

void dispatcher_state::tell_settled(const caf::actor_addr& pool,
                                    uint64_t serial) {
  if (serial > 0)
    settled_[pool].push_back(serial);
}

void dispatcher_state::send_settled() {
  for (auto& [pool, serials] : std::exchange(settled_, {}))
    if (auto there = table_.present(pool))
      self_->send(there, job_batch{{}, std::move(serials)});
}

void dispatcher_state::update(update_batch& batch) {
  store_step step;
  event_batch events;
  std::vector<std::string> keys;
  for (auto& x : batch.updates) {
    if (is_dropped(validate(x), "dispatcher dropped an update",
                   caf::actor_cast<caf::actor_addr>(self_->current_sender())))
      continue;
    auto* held = table_.find(x.job_id, x.token);
    if (held == nullptr || held->lost)
      continue;
    if (options_.publish && !x.is_log)
      events.events.push_back(progress_event(*held, x.value, options_.now()));
    ++held->updates_in_flight;
    keys.push_back(key_of(x.job_id, x.token));
    step.updates.push_back(std::move(x));
  }
  if (!events.events.empty())
    self_->send(peers_->find<event_publisher_actor>(role::event_publisher),
                std::move(events));
  if (keys.empty())
    return;
  // Lost updates are no reason to lose the job: settle in any case.
  auto stored = [this, keys] {
    for (const auto& key : keys) {
      auto* held = table_.find(key);
      if (held != nullptr && held->updates_in_flight > 0
          && --held->updates_in_flight > 0)
        continue;
      auto ended = kept_.take_early(key);
      if (held != nullptr && ended)
        finish(*held, std::move(*ended));
    }
    pump();
  };
  self_
    ->request(peers_->find<job_store_actor>(role::job_store_a), store_timeout,
              std::move(step))
    .then([stored](const store_reply&) { stored(); },
          [stored](caf::error&) { stored(); });
}

void dispatcher_state::finish(lease& x, outcome ended) {
  if (ended.kind == outcome_kind::completed && !ended.commit.empty())
    commit(x, std::move(ended));
  else
    queue_settlement(x, std::move(ended));
}

void dispatcher_state::commit(lease& x, outcome ended) {
  kept_.begin_commit();
  auto message = ended.commit.front();
  message.stamp = {x.work.id, x.work.timestamp, x.work.attempt};
  auto shared = std::make_shared<outcome>(std::move(ended));
  auto done = [this, shared](const commit_result& stored) {
    kept_.end_commit();
    auto* held = table_.find(shared->job_id, shared->token);
    if (held == nullptr)
      return pump();
    apply(stored, *held, std::move(*shared));
    pump();
  };
  self_
    ->request(peers_->find<catalog_actor>(role::catalog), catalog_timeout,
              std::move(message))
    .then(done, [this, shared](caf::error&) {
      // The catalog died, is late or away. The same commit may come twice, so
      // it is asked again until there is an answer.
      kept_.lose_commit();
      if (overdue_) { // a drain ends: another main node has the job run again
        give_back(key_of(shared->job_id, shared->token), false);
        pump();
        return;
      }
      kept_.keep_uncommitted(std::move(*shared));
      pump_in(retry_interval);
    });
}

void dispatcher_state::apply(const commit_result& stored, lease& x,
                             outcome ended) {
  switch (stored.status) {
    case commit_status::stored:
      break;
    case commit_status::fenced: // the later run has the last word
      spdlog::warn("catalog refused the result of job {}: {}", ended.job_id,
                   stored.reason);
      close(key_of(ended.job_id, ended.token));
      return;
    case commit_status::failed:
      ended.kind = outcome_kind::failed;
      ended.reason = stored.reason;
      break;
    case commit_status::superseded: // the job itself is nobody else's: it ends
      spdlog::info("job {} completes without effect: {}", ended.job_id,
                   stored.reason);
      ended = superseded(std::move(ended));
      break;
  }
  queue_settlement(x, std::move(ended));
}

void dispatcher_state::repeat_lost() {
  for (auto& x : kept_.take_uncommitted())
    if (auto* held = table_.find(x.job_id, x.token))
      commit(*held, std::move(x));
  for (auto& x : kept_.take_untold())
    note_failure(std::move(x));
}

void dispatcher_state::note_failure(part_note what) {
  kept_.begin_note();
  self_
    ->request(peers_->find<catalog_actor>(role::catalog), catalog_timeout, what)
    .then([this] { note_ended(); },
          [this, what](caf::error&) {
            kept_.keep_untold(what);
            note_ended();
            pump_in(retry_interval);
          });
}

void dispatcher_state::note_ended() {
  kept_.end_note();
  finish_drain();
}

void dispatcher_state::queue_settlement(lease& x, outcome ended) {
  if (x.cancelled && ended.kind != outcome_kind::completed) {
    ended.kind = outcome_kind::refused;
    ended.reason = cancel_reason;
    ended.codec_died = ended.runner_died = false;
  }
  std::uniform_real_distribution<double> random{0, 1};
  ending entry;
  entry.how = settle(x.work, ended, options_.worker, random(random_));
  entry.updates = std::move(ended.updates);
  endings_.push_back(std::move(entry));
  x.is_ending = true;
}

void dispatcher_state::settled(const ending& what, settle_status how) {
  auto key = key_of(what.how.job_id, what.how.token);
  auto* x = table_.find(key);
  if (x == nullptr)
    return;
  x->is_ending = false;
  if (what.how.kind == settle_kind::complete
      && (how == settle_status::has_children
          || how == settle_status::children_failed)) {
    queue_settlement(*x, held_back(x->work.id, how));
    return;
  }
  auto is_settled
    = how == settle_status::settled
      || (what.resent
          && (how == settle_status::gone || how == settle_status::not_active));
  if (!is_settled) {
    spdlog::warn("job {} could not be settled: {}", what.how.job_id,
                 how == settle_status::gone         ? "it was removed"
                 : how == settle_status::fenced     ? "another took it"
                 : how == settle_status::not_active ? "it is not active"
                                                    : "its children");
    close(key);
    return;
  }
  if (what.how.kind == settle_kind::fail)
    tell_failure(*x, what.how);
  if (what.how.kind == settle_kind::give_back)
    budget_.expect_work();
  if (options_.publish) {
    auto ended = ended_event(*x, what.how, options_.now());
    std::move(ended.begin(), ended.end(), std::back_inserter(events_.events));
  }
  close(key);
}

void dispatcher_state::tell_events() {
  if (!events_.events.empty())
    self_->send(peers_->find<event_publisher_actor>(role::event_publisher),
                std::exchange(events_, {}));
}

void dispatcher_state::tell_failure(const lease& x, const settlement& how) {
  auto part = part_of(x.work.name);
  if (part && !x.image_id.empty())
    note_failure(part_note{{x.work.id, x.work.timestamp, x.work.attempt},
                           x.image_id,
                           x.file_path,
                           *part,
                           how.value});
  self_->send(peers_->find<notifier_actor>(role::notifier),
              final_failure{x.work.id, x.work.name, x.image_id, how.value,
                            x.work.attempts_made + 1, options_.now()});
}

} // namespace darkroom
