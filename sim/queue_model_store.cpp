/// The model's calls for job stores: the scripts step, renew_locks,
/// recover_stalled and return_orphans.
#include "sim/queue_model.hpp"

#include <algorithm>

namespace darkroom::sim {

namespace {

bool has(const queue_model::strings& list, const std::string& id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

} // namespace

store_reply queue_model::step(const store_step& what, int64_t now) {
  store_reply reply;
  // Checks all settlements before it does any.
  std::vector<settle_status> statuses;
  for (const auto& x : what.settle)
    statuses.push_back(check(x));
  for (size_t i = 0; i < statuses.size(); ++i) {
    if (statuses[i] == settle_status::settled)
      statuses[i] = settle(what.settle[i], now);
    reply.statuses.push_back(static_cast<uint8_t>(statuses[i]));
  }
  if (what.claim > 0)
    claim(what.claim, what.token, now, reply);
  return reply;
}

settle_status queue_model::check(const settlement& x) const {
  auto found = jobs.find(x.job_id);
  if (found == jobs.end())
    return settle_status::gone;
  auto owner = owner_of(x.job_id);
  if (found->second.fields.attempt != x.attempt
      || (!owner.empty() && owner != x.token))
    return settle_status::fenced;
  if (owner.empty() && !has(active, x.job_id))
    return settle_status::not_active;
  return settle_status::settled;
}

settle_status queue_model::settle(const settlement& x, int64_t now) {
  if (std::erase(active, x.job_id) == 0)
    return settle_status::not_active;
  unlock(x.job_id);
  suspects.erase(x.job_id);
  auto& mine = jobs[x.job_id].fields;
  mine.codec_deaths += x.codec_died ? 1 : 0;
  mine.lost += x.runner_died ? 1 : 0;
  auto is_attempt = x.kind != settle_kind::postpone
                    && x.kind != settle_kind::give_back;
  mine.attempts_made += is_attempt ? 1 : 0;
  leave(x, now);
  return settle_status::settled;
}

void queue_model::leave(const settlement& x, int64_t now) {
  switch (x.kind) {
    case settle_kind::complete:
      release(x.job_id);
      for (const auto& next : x.chained)
        add(next, now);
      completed.insert(x.job_id);
      break;
    case settle_kind::fail:
      release(x.job_id);
      jobs[x.job_id].fields.deferred_failure.clear();
      failed.insert(x.job_id);
      break;
    case settle_kind::retry_later:
    case settle_kind::postpone:
      delay(x.job_id, now + x.delay_ms);
      break;
    case settle_kind::retry_now:
      promote(now);
      line_up(x.job_id, jobs[x.job_id].fields.priority == 0 && x.lifo);
      wake_unless_blocked();
      break;
    case settle_kind::give_back:
      line_up(x.job_id, true);
      wake_unless_blocked();
      break;
  }
}

queue_model::allowed queue_model::allowance(int64_t now) {
  auto limit = settings.limit_max;
  if (limit == 0)
    return {};
  auto window = settings.limit_window.count();
  auto used = limiter_end > clock ? limiter : 0;
  if (used >= limit)
    return {true, 0, now + limiter_end - clock};
  starts.erase(starts.begin(), starts.upper_bound(now - window));
  used = std::max(used, static_cast<uint32_t>(starts.size()));
  if (used < limit)
    return {true, limit - used, 0};
  return {true, 0, *starts.begin() + window};
}

void queue_model::record_starts(uint32_t count, int64_t now) {
  if (count == 0)
    return;
  for (uint32_t i = 0; i < count; ++i)
    starts.insert(now);
  if (limiter_end <= clock) {
    limiter = 0;
    limiter_end = clock + settings.limit_window.count();
  }
  limiter += count;
}

queue_model::strings queue_model::pop(size_t wanted) {
  strings out;
  for (; !wait.empty() && out.size() < wanted; wait.pop_back())
    out.push_back(wait.back());
  if (out.size() < wanted && prioritized.empty())
    rank_count = 0;
  while (!prioritized.empty() && out.size() < wanted) {
    out.push_back(prioritized.begin()->second);
    prioritized.erase(prioritized.begin());
  }
  for (const auto& id : out)
    active.insert(active.begin(), id);
  return out;
}

job queue_model::start(const std::string& id, const std::string& token) {
  auto& x = jobs[id];
  ++x.fields.attempt;
  x.lock = token;
  x.lock_end = clock + settings.lock_duration.count();
  auto out = x.fields;
  out.token = token;
  return out;
}

void queue_model::claim(uint32_t wanted, const std::string& token, int64_t now,
                        store_reply& reply) {
  constexpr int64_t longest_wait = 30000; // as in lib_claim.lua
  promote(now);
  auto may = allowance(now);
  size_t most = may.is_limited ? std::min(wanted, may.free) : wanted;
  reply.limited_until = std::min(may.until, now + longest_wait);
  if (is_paused)
    most = 0;
  if (concurrency > 0)
    most = std::min(most, concurrency - std::min(concurrency, active.size()));
  uint32_t counted = 0;
  for (const auto& id : pop(most)) {
    reply.jobs.push_back(start(id, token));
    counted += reply.jobs.back().deferred_failure.empty() ? 1 : 0;
  }
  if (may.is_limited)
    record_starts(counted, now);
  if (most > 0 && reply.jobs.size() == most)
    is_marked = true;
  if (reply.jobs.size() < wanted && !delayed.empty())
    reply.next_due = delayed.begin()->first / delayed_ties;
}

queue_model::strings queue_model::renew(const renew_leases& what) {
  strings lost;
  for (size_t i = 0; i < what.leases.size(); ++i) {
    const auto& [id, token] = what.leases[i];
    auto owner = owner_of(id);
    auto is_ours = owner == token;
    if (owner.empty())
      is_ours = jobs.count(id) > 0
                && jobs[id].fields.attempt == what.attempts[i]
                && has(active, id);
    if (!is_ours) {
      lost.push_back(id);
      continue;
    }
    jobs[id].lock = token;
    jobs[id].lock_end = clock + settings.lock_duration.count();
    suspects.erase(id);
  }
  return lost;
}

queue_model::strings queue_model::check_stalled(const renew_leases& running) {
  if (next_check > clock)
    return {};
  next_check = clock + settings.stalled_interval.count();
  strings out;
  for (const auto& id : suspects) {
    if (jobs.count(id) == 0 || !owner_of(id).empty() || take_back(id, running)
        || std::erase(active, id) == 0)
      continue;
    auto& x = jobs[id];
    if (++x.stalled > settings.max_stalled)
      x.fields.deferred_failure = "job stalled more than allowable limit";
    wait.push_back(id);
    wake_unless_blocked();
    out.push_back(id);
  }
  suspects = {active.begin(), active.end()};
  return out;
}

/// Gives the job its lock again if the caller runs it. @returns whether it does
bool queue_model::take_back(const std::string& id,
                            const renew_leases& running) {
  for (size_t i = 0; i < running.leases.size(); ++i) {
    if (running.leases[i].job_id != id
        || running.attempts[i] != jobs[id].fields.attempt)
      continue;
    jobs[id].lock = running.leases[i].token;
    jobs[id].lock_end = clock + settings.lock_duration.count();
    return true;
  }
  return false;
}

queue_model::strings
queue_model::return_orphans(const struct return_orphans& what) {
  strings out;
  for (const auto& id : strings{active}) {
    auto owner = owner_of(id);
    if (owner.empty() || !owner.starts_with(what.token_prefix)
        || has(what.running, id))
      continue;
    unlock(id);
    suspects.erase(id);
    std::erase(active, id);
    line_up(id, true);
    out.push_back(id);
  }
  if (!out.empty())
    wake_unless_blocked();
  return out;
}

} // namespace darkroom::sim
