#include "nodes/chaos/account.hpp"

#include <algorithm>
#include <limits>

namespace darkroom {

namespace {

constexpr int64_t never = std::numeric_limits<int64_t>::max();

/// The first of these sorted times after `at`.
int64_t first_after(const std::vector<int64_t>& times, int64_t at) {
  auto found = std::upper_bound(times.begin(), times.end(), at);
  return found == times.end() ? never : *found;
}

} // namespace

time_spread spread_of(std::vector<int64_t> times) {
  time_spread out;
  out.count = times.size();
  if (times.empty())
    return out;
  std::sort(times.begin(), times.end());
  // Nearest rank: the smallest time that this many percent do not exceed.
  auto at = [&](size_t percent) {
    return times[(times.size() * percent + 99) / 100 - 1];
  };
  out.p50 = at(50);
  out.p99 = at(99);
  out.max = times.back();
  return out;
}

bool chaos_verdict::is_good() const {
  return lost.empty() && doubled.empty() && unfinished.empty()
         && unseen.empty();
}

void chaos_account::added(const std::string& id) {
  jobs_[id].is_added = true;
}

void chaos_account::enter(const queue_event& what) {
  if (what.name == "active")
    jobs_[what.job_id].starts.push_back(what.at);
  else if (what.name == "completed")
    jobs_[what.job_id].completions.push_back(what.at);
  else if (what.name == "failed")
    ++jobs_[what.job_id].failures;
}

void chaos_account::runs_on(const std::string& id, const std::string& node) {
  jobs_[id].node = node;
}

void chaos_account::acted(const plan_step& step, int64_t at) {
  deed done{step, at, {}};
  for (const auto& [id, x] : jobs_)
    if (x.node == step.node && !x.has_ended())
      done.victims.push_back(id);
  deeds_.push_back(std::move(done));
}

void chaos_account::looked(const std::string& id, const job_facts& facts) {
  auto& x = jobs_[id];
  x.has_facts = true;
  x.facts = facts;
}

std::vector<std::string> chaos_account::open() const {
  std::vector<std::string> out;
  for (const auto& [id, x] : jobs_)
    if (x.is_added && !x.has_ended()
        && (!x.has_facts || (x.facts.is_there && !x.facts.has_ended)))
      out.push_back(id);
  return out;
}

std::vector<std::string> chaos_account::all() const {
  std::vector<std::string> out;
  for (const auto& [id, x] : jobs_)
    if (x.is_added)
      out.push_back(id);
  return out;
}

void chaos_account::judge_job(const std::string& id, const entry& x,
                              chaos_verdict& out) const {
  ++out.added;
  if (!x.completions.empty())
    ++out.completed;
  else if (x.failures > 0)
    ++out.failed;
  else if (x.has_facts && !x.facts.is_there)
    out.lost.push_back(id);
  else if (x.has_facts && x.facts.has_ended)
    out.unseen.push_back(id);
  else
    out.unfinished.push_back(id);
  if (x.completions.size() > 1)
    out.doubled.push_back(id);
  if (x.starts.size() > 1)
    out.started_anew += x.starts.size() - 1;
  auto needed = x.completions.empty() ? 0u : 1u;
  out.burned += std::max(x.facts.attempts_made, needed) - needed;
}

chaos_verdict chaos_account::judge() const {
  chaos_verdict out;
  for (const auto& [id, x] : jobs_)
    if (x.is_added)
      judge_job(id, x, out);
  std::vector<int64_t> times;
  for (const auto& x : deeds_) {
    ++out.deeds[to_string(x.step.kind)];
    auto time = recovery_of(x);
    if (time == never)
      ++out.unrecovered;
    else
      times.push_back(time);
  }
  out.recovery = spread_of(std::move(times));
  return out;
}

/// When the same target was harmed again. What happens after that is not due to
/// the first harm.
int64_t chaos_account::next_harm_to(const deed& x) const {
  for (const auto& other : deeds_)
    if (other.step.node == x.step.node && other.at > x.at)
      return other.at;
  return never;
}

int64_t chaos_account::recovery_of(const deed& x) const {
  auto first = never;
  for (const auto& id : x.victims)
    if (auto found = jobs_.find(id); found != jobs_.end())
      first = std::min(first, first_after(found->second.starts, x.at));
  if (first == never || first > next_harm_to(x)) {
    first = never;
    for (const auto& [id, job] : jobs_)
      if (job.is_added)
        first = std::min(first, first_after(job.completions, x.at));
  }
  return first == never ? never : first - x.at;
}

} // namespace darkroom
