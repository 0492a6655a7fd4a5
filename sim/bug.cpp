#include "sim/bug.hpp"

#include "messages/type_ids.hpp"

#include <algorithm>
#include <memory>

namespace darkroom::sim {

const std::vector<bug_entry>& all_bugs() {
  static const std::vector<bug_entry> table{
    {bug::any_attempt, "any-attempt",
     "a settlement is accepted whatever its token and its attempt"},
    {bug::lost_return, "lost-return",
     "a job that is given back is not put in line again"},
    {bug::counted_return, "counted-return",
     "a job that is given back has an attempt less"},
    {bug::open_window, "open-window",
     "a claim does not look at the record of starts"},
    {bug::doubled_chain, "doubled-chain",
     "a settlement that is sent again adds its chained jobs again"},
    {bug::reaped_runs, "reaped-runs",
     "a reap does not spare the jobs that run"},
    {bug::two_mains, "two-mains",
     "the scripts of a main node that lost its lease still work"},
    {bug::unlocked_claim, "unlocked-claim",
     "a claim sets no locks; the renewals do"},
    {bug::dropped_results, "dropped-results",
     "the results that a pool kept while no main node was there are lost"},
    {bug::open_refusal, "open-refusal",
     "a job whose image belongs to a newer one is taken for an earlier run"},
  };
  return table;
}

std::optional<bug> find_bug(const std::string& name) {
  for (const auto& x : all_bugs())
    if (name == x.name)
      return x.value;
  return std::nullopt;
}

void spoil_step(bug which, store_step& what, queue_model& queue) {
  if (which == bug::open_window) {
    queue.starts.clear();
    queue.limiter = 0;
  }
  if (which != bug::any_attempt)
    return;
  for (auto& x : what.settle) {
    auto found = queue.jobs.find(x.job_id);
    if (found == queue.jobs.end())
      continue;
    x.attempt = found->second.fields.attempt;
    x.token = found->second.lock;
  }
}

void spoil_reply(bug which, const store_step& what, const store_reply& reply,
                 queue_model& queue, int64_t now) {
  for (size_t i = 0; i < what.settle.size(); ++i) {
    const auto& x = what.settle[i];
    auto how = static_cast<settle_status>(reply.statuses[i]);
    auto is_returned = x.kind == settle_kind::give_back
                       && how == settle_status::settled;
    if (which == bug::lost_return && is_returned)
      std::erase(queue.wait, x.job_id);
    if (which == bug::counted_return && is_returned)
      ++queue.jobs[x.job_id].fields.attempts_made;
    if (which == bug::doubled_chain && how == settle_status::not_active)
      for (const auto& next : x.chained)
        queue.add(next, now);
  }
  if (which == bug::unlocked_claim)
    for (const auto& x : reply.jobs)
      queue.jobs[x.id].lock_end = 0;
}

void spoil_reap(bug which, struct return_orphans& what) {
  if (which == bug::reaped_runs)
    what.running.clear();
}

bool passes_fence(bug which, const main_lease_model& lease, uint64_t fence) {
  return which == bug::two_mains || lease.is_valid(fence);
}

commit_status spoil_refusal(bug which, commit_status how) {
  return which == bug::open_refusal && how == commit_status::superseded
           ? commit_status::fenced
           : how;
}

network::filter spoil_network(bug which) {
  if (which != bug::dropped_results)
    return [](const host&, caf::message&) {
      return true;
    };
  // Kept results come after the hello that names their jobs.
  auto has_hello = std::make_shared<bool>(false);
  return [has_hello](const host&, caf::message& content) {
    auto was_hello = std::exchange(
      *has_hello, content.match_elements<pool_hello>()
                    && !content.get_as<pool_hello>(0).running.empty());
    return !(was_hello && content.match_elements<outcome_batch>());
  };
}

} // namespace darkroom::sim
