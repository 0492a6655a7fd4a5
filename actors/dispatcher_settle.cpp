/// The dispatcher's settlements: how jobs leave `active`, and who is told once
/// Redis has moved them.
#include "actors/dispatcher.hpp"
#include "actors/job_event.hpp"
#include "actors/job_failure.hpp"
#include "actors/settle.hpp"

#include <spdlog/spdlog.h>

namespace darkroom {

namespace {

constexpr const char* broken_reason
  = "Redis cannot do what this job needs; its failedReason says why";

/// The outcome of a successful run whose job may not complete because of its
/// children. Like in BullMQ it is a failure, and final if a child has failed.
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

/// Final failures are logged by the NOTIFIER.
void log_failure(const lease& x, const settlement& how) {
  if (how.kind != settle_kind::retry_later
      && how.kind != settle_kind::retry_now)
    return;
  spdlog::warn("{} failed in attempt {} of {} and is tried again in {} ms: {}",
               logged_name(x.work.id, x.work.name, x.image_id),
               x.work.attempts_made + 1, how.max_attempts, how.delay_ms,
               how.value);
}

} // namespace

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

void dispatcher_state::on_settled(const ending& what, settle_status how) {
  auto key = key_of(what.how.job_id, what.how.token);
  auto* x = table_.find(key);
  if (x == nullptr)
    return;
  x->is_ending = false;
  if (what.how.kind == settle_kind::complete
      && (how == settle_status::has_children
          || how == settle_status::children_failed)) {
    traces_.step("settle", x->work, what.since, "it has unfinished children");
    queue_settlement(*x, held_back(x->work.id, how));
    return;
  }
  auto told = what.how;
  if (how == settle_status::broken) {
    told.kind = settle_kind::fail;
    told.value = broken_reason;
  }
  auto is_settled
    = how == settle_status::settled || how == settle_status::broken
      || (what.resent
          && (how == settle_status::gone || how == settle_status::not_active));
  if (!is_settled) {
    const auto* why = how == settle_status::gone         ? "it was removed"
                      : how == settle_status::fenced     ? "another took it"
                      : how == settle_status::not_active ? "it is not active"
                                                         : "its children";
    spdlog::warn("job {} could not be settled: {}", what.how.job_id, why);
    traces_.step("settle", x->work, what.since, why);
    traces_.voided(*x, why);
    drop_lease(key);
    return;
  }
  figures_.ended(x->work, x->started, told, options_.now());
  traces_.step("settle", x->work, what.since);
  traces_.ended(*x, told);
  log_failure(*x, told);
  if (told.kind == settle_kind::fail)
    tell_failure(*x, told);
  if (told.kind == settle_kind::give_back)
    budget_.expect_work();
  if (options_.publish) {
    auto ended = ended_event(*x, told, options_.now());
    std::move(ended.begin(), ended.end(), std::back_inserter(events_.events));
  }
  drop_lease(key);
}

void dispatcher_state::drop_lease(const std::string& key) {
  const auto* x = table_.find(key);
  // A void run keeps its lease until its pool reports that the run has ended.
  if (x == nullptr || x->holds_slot || x->is_ending)
    return;
  acknowledge(x->pool.address(), x->serial);
  table_.erase(key);
}

void dispatcher_state::acknowledge(const caf::actor_addr& pool,
                                   uint64_t serial) {
  if (serial > 0)
    acknowledged_[pool].push_back(serial);
}

void dispatcher_state::send_acknowledged() {
  for (auto& [pool, serials] : std::exchange(acknowledged_, {}))
    if (auto there = table_.present(pool))
      self_->send(there, job_batch{{}, std::move(serials)});
}

void dispatcher_state::send_events() {
  if (!events_.events.empty())
    self_->send(peers_->find<event_publisher_actor>(role::event_publisher),
                std::exchange(events_, {}));
}

void dispatcher_state::tell_failure(const lease& x, const settlement& how) {
  failed_job failed{{x.work.id, x.work.timestamp, x.work.attempt},
                    x.work.name,
                    {x.image_id, x.file_path},
                    how.value};
  if (auto told = failure_note(failed))
    note_failure(std::move(*told));
  self_->send(peers_->find<notifier_actor>(role::notifier),
              final_failure{x.work.id, x.work.name, x.image_id, how.value,
                            x.work.attempts_made + 1, options_.now()});
}

} // namespace darkroom
