/// The dispatcher's second half: what happens after a job has run, and to
/// leases whose pool or lock is gone.
#include "actors/dispatcher.hpp"
#include "actors/job_event.hpp"
#include "actors/jobs/image_part.hpp"
#include "actors/settle.hpp"
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

// -- pools --------------------------------------------------------------------

void dispatcher_state::join(const processor_pool_actor& pool,
                            const pool_hello& hello) {
  if (!pool)
    return;
  self_->monitor(pool);
  table_.join(pool, hello.node, hello.slots);
  std::set<std::string> running;
  for (const auto& x : hello.running) {
    running.insert(key_of(x.id, x.token));
    if (table_.find(x.id, x.token) != nullptr)
      continue;
    lease adopted;
    auto subject = subject_of(x.data);
    adopted.image_id = std::move(subject.image_id);
    adopted.file_path = std::move(subject.file_path);
    adopted.work = x;
    adopted.work.data.clear();
    adopted.pool = pool;
    adopted.started = options_.now();
    table_.add(std::move(adopted));
  }
  // Sent there, but it never arrived.
  std::vector<std::string> missing;
  for (const auto& [key, x] : table_.all())
    if (x.holds_slot && x.pool == pool && running.count(key) == 0)
      missing.push_back(key);
  for (const auto& key : missing)
    give_back(key, false);
  spdlog::info("dispatcher got {} slots of {} ({} jobs run there)", hello.slots,
               hello.node, running.size());
  more_work_ = true;
  pump();
}

void dispatcher_state::leave(const caf::actor_addr& pool) {
  auto keys = table_.leave(pool);
  if (!keys.empty())
    spdlog::warn("dispatcher moves {} jobs of a pool that is gone",
                 keys.size());
  for (const auto& key : keys)
    give_back(key, true);
  pump();
}

void dispatcher_state::leave(const std::string& node) {
  for (const auto& pool : table_.pools_of(node)) {
    self_->demonitor(pool);
    leave(pool);
  }
}

void dispatcher_state::give_back(const std::string& key, bool runner_died) {
  auto* x = table_.find(key);
  if (x == nullptr)
    return;
  table_.free_slot(*x);
  outcome ended;
  ended.job_id = x->work.id;
  ended.kind = outcome_kind::returned;
  ended.runner_died = runner_died;
  queue_settlement(*x, std::move(ended));
  more_work_ = true;
}

// -- outcomes -----------------------------------------------------------------

void dispatcher_state::end(const caf::actor_addr& pool, outcome_batch& batch) {
  for (auto& x : batch.outcomes) {
    auto* held = table_.find(x.job_id, x.token);
    if (held == nullptr || !held->holds_slot || held->pool.address() != pool) {
      refuse(x);
      continue;
    }
    table_.free_slot(*held);
    if (held->lost) {
      refuse(x);
      table_.erase(key_of(x.job_id, x.token));
    } else if (held->updates_in_flight > 0) {
      held->waiting.push_back(std::move(x));
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

void dispatcher_state::update(update_batch& batch) {
  store_step step;
  event_batch events;
  std::vector<std::string> keys;
  for (auto& x : batch.updates) {
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
      if (held == nullptr || held->updates_in_flight == 0
          || --held->updates_in_flight > 0 || held->waiting.empty())
        continue;
      auto ended = std::move(held->waiting.front());
      held->waiting.clear();
      finish(*held, std::move(ended));
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
  auto message = ended.commit.front();
  message.stamp = {x.work.id, x.work.timestamp, x.work.attempt};
  auto shared = std::make_shared<outcome>(std::move(ended));
  auto done = [this, shared](const commit_result& stored) {
    auto* held = table_.find(shared->job_id, shared->token);
    if (held == nullptr)
      return;
    if (stored.status == commit_status::fenced) {
      spdlog::warn("catalog refused the result of job {}: {}", shared->job_id,
                   stored.reason);
      table_.erase(key_of(shared->job_id, shared->token));
    } else {
      if (stored.status == commit_status::failed) {
        shared->kind = outcome_kind::failed;
        shared->reason = stored.reason;
      }
      queue_settlement(*held, std::move(*shared));
    }
    pump();
  };
  self_
    ->request(peers_->find<catalog_actor>(role::catalog), catalog_timeout,
              std::move(message))
    .then(done, [this, shared](caf::error&) {
      // The catalog died or is late. The same commit may come twice, so it is
      // asked again until there is an answer.
      uncommitted_.push_back(std::move(*shared));
      pump_in(retry_interval);
    });
}

void dispatcher_state::repeat_lost() {
  for (auto& x : std::exchange(uncommitted_, {}))
    if (auto* held = table_.find(x.job_id, x.token))
      commit(*held, std::move(x));
  for (auto& x : std::exchange(untold_, {}))
    note_failure(std::move(x));
}

void dispatcher_state::note_failure(part_note what) {
  ++notes_;
  self_
    ->request(peers_->find<catalog_actor>(role::catalog), catalog_timeout, what)
    .then([this] { note_ended(); },
          [this, what](caf::error&) {
            untold_.push_back(what);
            note_ended();
            pump_in(retry_interval);
          });
}

void dispatcher_state::note_ended() {
  --notes_;
  finish_drain();
}

void dispatcher_state::queue_settlement(const lease& x, outcome ended) {
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
}

void dispatcher_state::settled(const ending& what, settle_status how) {
  auto key = key_of(what.how.job_id, what.how.token);
  auto* x = table_.find(key);
  if (x == nullptr)
    return;
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
    table_.erase(key);
    return;
  }
  if (what.how.kind == settle_kind::fail)
    tell_failure(*x, what.how);
  if (what.how.kind == settle_kind::give_back)
    more_work_ = true;
  if (options_.publish) {
    auto ended = ended_event(*x, what.how, options_.now());
    std::move(ended.begin(), ended.end(), std::back_inserter(events_.events));
  }
  table_.erase(key);
}

void dispatcher_state::tell_events() {
  if (!events_.events.empty())
    self_->send(peers_->find<event_publisher_actor>(role::event_publisher),
                std::exchange(events_, {}));
}

void dispatcher_state::tell_failure(const lease& x, const settlement& how) {
  auto part = part_of(x.work.name);
  if (!part.empty() && !x.image_id.empty())
    note_failure(part_note{{x.work.id, x.work.timestamp, x.work.attempt},
                           x.image_id,
                           x.file_path,
                           part,
                           how.value});
  self_->send(peers_->find<notifier_actor>(role::notifier),
              final_failure{x.work.id, x.work.name, x.image_id, how.value,
                            x.work.attempts_made + 1, options_.now()});
}

// -- leases -------------------------------------------------------------------

void dispatcher_state::renew() {
  self_->delayed_send(self_, renew_interval(options_.queue), renew_v);
  // Of two runs of a job, the older one has no lock to renew; and what the
  // answer says of a job must not void a run that was claimed meanwhile.
  std::map<std::string, const lease*> newest;
  for (const auto& [key, x] : table_.all()) {
    auto& known = newest[x.work.id];
    if (known == nullptr || known->work.attempt < x.work.attempt)
      known = &x;
  }
  renew_leases message;
  std::map<std::string, std::string> keys; // by job id
  for (const auto& [id, x] : newest) {
    message.leases.push_back({id, x->work.token});
    message.attempts.push_back(x->work.attempt);
    keys[id] = key_of(id, x->work.token);
  }
  if (message.leases.empty())
    return;
  self_
    ->request(peers_->find<job_store_actor>(role::job_store_b), store_timeout,
              std::move(message))
    .then(
      [this, keys](const id_list& lost) {
        for (const auto& id : lost.ids)
          if (auto found = keys.find(id); found != keys.end())
            void_lease(found->second);
      },
      [](caf::error&) {
        // The next round renews; an expired lock is taken back where nobody
        // else took the job.
      });
}

void dispatcher_state::void_lease(const std::string& key) {
  auto* x = table_.find(key);
  if (x == nullptr || !x->holds_slot || x->lost)
    return;
  spdlog::warn("job {} lost its lease: its result will be void", x->work.id);
  x->lost = true;
  self_->send(x->pool, cancel_jobs{{x->work.id}});
}

id_list dispatcher_state::cancel(const cancel_jobs& jobs) {
  id_list out;
  for (auto& [key, x] : table_.all()) {
    if (!x.holds_slot || x.lost
        || std::find(jobs.ids.begin(), jobs.ids.end(), x.work.id)
             == jobs.ids.end())
      continue;
    x.cancelled = true;
    self_->send(x.pool, cancel_jobs{{x.work.id},
                                    options_.worker.cancel_grace.count()});
    out.ids.push_back(x.work.id);
  }
  return out;
}

void dispatcher_state::check_stalled() {
  self_->delayed_send(self_, options_.queue.stalled_interval, stalled_v);
  self_
    ->request(peers_->find<job_store_actor>(role::job_store_b), store_timeout,
              stalled_v)
    .then(
      [this](const id_list& recovered) {
        if (recovered.ids.empty())
          return;
        spdlog::warn("dispatcher recovered {} stalled jobs",
                     recovered.ids.size());
        more_work_ = true;
        pump();
      },
      [](caf::error&) {
        // Redis is away: the next check comes in an interval.
      });
}

// -- drain --------------------------------------------------------------------

caf::result<drain_report> dispatcher_state::drain(int64_t grace_ms) {
  drained_ = self_->make_response_promise<drain_report>();
  draining_ = true;
  self_->delayed_send(self_, std::chrono::milliseconds{grace_ms}, overdue_v);
  pump();
  return drained_;
}

void dispatcher_state::hand_back_rest() {
  if (overdue_) { // the second time: Redis does not take them
    // What a claim without an answer took counts: nobody gives it back.
    report_.stranded = static_cast<uint32_t>(table_.all().size()) + reserved_
                       + doubtful_;
    if (drained_.pending())
      drained_.deliver(report_);
    return;
  }
  overdue_ = true;
  std::map<caf::actor_addr, cancel_jobs> cancels;
  std::vector<std::string> keys;
  for (const auto& [key, x] : table_.all()) {
    if (!x.holds_slot)
      continue;
    keys.push_back(key);
    cancels[x.pool.address()].ids.push_back(x.work.id);
  }
  for (auto& [pool, message] : cancels)
    self_->send(caf::actor_cast<processor_pool_actor>(pool),
                std::move(message));
  for (const auto& key : keys)
    give_back(key, false);
  report_.handed_back = static_cast<uint32_t>(keys.size());
  self_->delayed_send(self_, hand_back_time, overdue_v);
  pump();
}

void dispatcher_state::finish_drain() {
  auto is_told = notes_ == 0 && untold_.empty();
  auto is_known = !adopting_ && !reap_wanted_ && !reaping_ && claims_ == 0;
  if (draining_ && drained_.pending() && is_told && is_known
      && table_.all().empty() && endings_.empty())
    drained_.deliver(report_);
}

} // namespace darkroom
