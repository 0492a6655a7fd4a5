/// The pool's jobs: which it takes, who runs them, and how they end.
#include "actors/jobs/job_type.hpp"
#include "actors/lease_table.hpp"
#include "actors/processor_pool.hpp"
#include "actors/validate.hpp"
#include "services/log/log.hpp"

#include <algorithm>
#include <chrono>

namespace darkroom {

namespace {

using namespace std::chrono_literals;

const char* end_of(outcome_kind kind) {
  switch (kind) {
    case outcome_kind::completed:
      return "completed";
    case outcome_kind::failed:
      return "failed";
    case outcome_kind::refused:
      return "failed for good";
    case outcome_kind::throttled:
      return "waits for its provider";
    case outcome_kind::returned:
      return "was given back";
  }
  return "ended";
}

void log_start(const job& work) {
  log_job({work.id, work.name, "starts", work.attempts_made + 1});
}

/// @param took below 0 if nobody knows
void log_end(const job& work, const outcome& ended,
             std::chrono::milliseconds took) {
  log_job({work.id, work.name, end_of(ended.kind), work.attempts_made + 1,
           took.count()});
}

} // namespace

void processor_pool_state::take(const caf::actor_addr& dispatcher,
                                job_batch& batch) {
  if (!dispatcher_ || dispatcher_.address() != dispatcher)
    return; // from an old dispatcher, whose successor gives them back
  for (auto serial : batch.settled)
    unsettled_.erase(serial);
  // The dispatcher sent them before it read our newest offer, which does not
  // name them. So it gives them back.
  if (answered_ < offers_)
    return;
  if (draining_ || *options_.cordoned)
    return; // sent too early; our hello does not name them: they go back
  run(batch.jobs, dispatcher);
}

const job_type* processor_pool_state::type_of(const job& work) const {
  const auto& names = options_.job_types;
  auto is_ours = names.empty()
                 || std::find(names.begin(), names.end(), work.name)
                      != names.end();
  return is_ours ? find_job_type(work.name, options_.diagnostics) : nullptr;
}

void processor_pool_state::run(std::vector<job>& jobs,
                               const caf::actor_addr& dispatcher) {
  std::vector<outcome> ended;
  for (auto& work : jobs) {
    if (auto problem = validate(work);
        is_dropped(problem, "pool dropped a job", dispatcher)) {
      ended.push_back(invalid_outcome(work.id, work.token, problem));
      continue;
    }
    log_start(work);
    const auto* type = type_of(work);
    if (type == nullptr || type->is_cheap || !work.deferred_failure.empty()) {
      auto result = run_inline(work);
      log_end(work, result, 0ms);
      keep(std::move(work), std::move(result), ended);
      continue;
    }
    auto& chosen = idle_worker();
    chosen.running = key_of(work.id, work.token);
    chosen.since = self_->clock().now();
    chosen.control->reset();
    self_->send(chosen.handle, work);
    running_.emplace(chosen.running, std::move(work));
  }
  deliver(std::move(ended));
}

outcome processor_pool_state::run_inline(const job& work) {
  run_control control;
  std::vector<job_update> updates;
  job_context context{work,
                      nullptr,
                      control,
                      [&updates](job_update x) {
                        updates.push_back(std::move(x));
                      },
                      {}};
  context.tracing = options_.tracing;
  auto out = run_job(type_of(work), context);
  out.updates = std::move(updates);
  return out;
}

processor_pool_state::worker& processor_pool_state::idle_worker() {
  auto idle = std::find_if(workers_.begin(), workers_.end(),
                           [](auto& x) { return x.running.empty(); });
  if (idle != workers_.end())
    return *idle;
  auto control = std::make_shared<run_control>();
  auto handle = options_.spawn_processor
                  ? options_.spawn_processor(self_, control)
                  : self_->spawn<caf::detached + caf::monitored>(
                    processor, processor_pool_actor{self_}, options_.make_tools,
                    control, options_.diagnostics, options_.tracing);
  workers_.push_back({handle, control, {}});
  return workers_.back();
}

void processor_pool_state::end(outcome ended) {
  auto key = key_of(ended.job_id, ended.token);
  std::chrono::milliseconds took{-1};
  for (auto& x : workers_)
    if (x.running == key) {
      x.running.clear();
      took = std::chrono::duration_cast<std::chrono::milliseconds>(
        self_->clock().now() - x.since);
    }
  auto found = running_.find(key);
  if (found == running_.end())
    return; // already ended: its processor died or the drain's time is up
  auto work = std::move(found->second);
  running_.erase(found);
  log_end(work, ended, took);
  std::vector<outcome> sent;
  keep(std::move(work), std::move(ended), sent);
  deliver(std::move(sent));
  finish_drain();
}

void processor_pool_state::relay(job_update update) {
  if (dispatcher_)
    self_->send(dispatcher_, update_batch{{std::move(update)}});
}

void processor_pool_state::cancel(const cancel_runs& wanted) {
  if (is_dropped(validate(wanted), "pool dropped a cancellation",
                 caf::actor_cast<caf::actor_addr>(self_->current_sender())))
    return;
  for (const auto& run : wanted.runs) {
    auto key = key_of(run.job_id, run.token);
    if (running_.count(key) == 0)
      continue;
    if (wanted.grace_ms > 0)
      self_->delayed_send(self_, std::chrono::milliseconds{wanted.grace_ms},
                          overdue_v, key);
    for (auto& x : workers_)
      if (x.running == key) {
        if (wanted.grace_ms > 0)
          x.control->ask();
        else
          x.control->cancel();
      }
  }
}

void processor_pool_state::cut_short(const std::string& key) {
  for (auto& x : workers_)
    if (x.running == key)
      x.control->cancel();
}

} // namespace darkroom
