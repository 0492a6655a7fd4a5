/// The dispatcher's outcomes: when a job has run, its updates are stored and
/// its rows committed.
#include "actors/dispatcher.hpp"
#include "actors/job_event.hpp"
#include "actors/result_rows.hpp"
#include "actors/settle.hpp"
#include "actors/validate.hpp"
#include "config/defaults.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

void dispatcher_state::take_outcomes(const caf::actor_addr& pool,
                                     outcome_batch& batch) {
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
      continue; // sent again over a new link, being settled already
    if (!is_of_pool || !held->holds_slot) {
      refuse(x);
      acknowledge(pool, x.serial);
      continue;
    }
    table_.free_slot(*held);
    held->serial = x.serial;
    auto key = key_of(x.job_id, x.token);
    if (held->lost) {
      refuse(x);
      traces_.voided(*held, "another run has the job's lock");
      drop_lease(key);
    } else if (held->updates_in_flight > 0) {
      kept_.keep_early(key, std::move(x));
    } else {
      commit_or_settle(*held, std::move(x));
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

void dispatcher_state::store_updates(update_batch& batch) {
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
  // The job is settled even if its updates could not be stored.
  auto stored = [this, keys] {
    for (const auto& key : keys) {
      auto* held = table_.find(key);
      if (held != nullptr && held->updates_in_flight > 0
          && --held->updates_in_flight > 0)
        continue;
      auto ended = kept_.take_early(key);
      if (held != nullptr && ended)
        commit_or_settle(*held, std::move(*ended));
    }
    pump();
  };
  self_->request(store_for(store_task::updates), store_timeout, std::move(step))
    .then([stored](const store_reply&) { stored(); },
          [stored](caf::error&) { stored(); });
}

void dispatcher_state::commit_or_settle(lease& x, outcome ended) {
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
  auto began = span_clock();
  auto done = [this, shared, began](const commit_result& stored) {
    kept_.end_commit();
    auto* held = table_.find(shared->job_id, shared->token);
    if (held == nullptr)
      return pump();
    traces_.step("commit", held->work, began, stored.reason);
    on_committed(stored, *held, std::move(*shared));
    pump();
  };
  self_
    ->request(peers_->find<catalog_actor>(role::catalog), catalog_timeout,
              std::move(message))
    .then(done, [this, shared, began](caf::error&) {
      // The catalog died, is late or is down. It is asked until it answers,
      // because repeating a commit does no harm.
      kept_.lose_commit();
      if (const auto* held = table_.find(shared->job_id, shared->token))
        traces_.step("commit", held->work, began, "the catalog did not answer");
      if (is_overdue_) { // a drain ends: the job runs again elsewhere
        give_back(key_of(shared->job_id, shared->token), false);
        pump();
        return;
      }
      kept_.keep_uncommitted(std::move(*shared));
      pump_in(retry_interval);
    });
}

void dispatcher_state::on_committed(const commit_result& stored, lease& x,
                                    outcome ended) {
  switch (stored.status) {
    case commit_status::stored:
      if (!options_.has_catalog)
        ended.value = with_rows(ended.value, ended.commit.front());
      break;
    case commit_status::fenced:
      // Usually a later run owns the job, and Redis refuses to give it back.
      // But Redis may have lost starts that the catalog knows of. Then this run
      // still owns the job, and the job's next run is newer.
      spdlog::warn("catalog refused the result of job {}: {}", ended.job_id,
                   stored.reason);
      ended.kind = outcome_kind::returned;
      break;
    case commit_status::failed:
      ended.kind = outcome_kind::failed;
      ended.reason = stored.reason;
      break;
    case commit_status::superseded: // a newer job owns the part
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
    .then([this] { on_noted(); },
          [this, what](caf::error&) {
            kept_.keep_untold(what);
            on_noted();
            pump_in(retry_interval);
          });
}

void dispatcher_state::on_noted() {
  kept_.end_note();
  finish_drain();
}

} // namespace darkroom
