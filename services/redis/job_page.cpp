#include "services/redis/job_page.hpp"

#include <algorithm>

namespace darkroom {

namespace {

struct counted_state {
  const char* name;
  uint64_t jobs;
};

/// In the order in which "all" shows them.
std::vector<counted_state> states_of(const queue_counts& counts) {
  return {{"active", counts.active},
          {"waiting", counts.waiting},
          {"prioritized", counts.prioritized},
          {"delayed", counts.delayed},
          {"waiting-children", counts.waiting_children},
          {"failed", counts.failed},
          {"completed", counts.completed}};
}

/// The states that a name stands for.
std::vector<counted_state> states_named(const std::string& name,
                                        const queue_counts& counts) {
  auto all = states_of(counts);
  if (name == "all")
    return all;
  auto is_waiting = name == "wait" || (name == "paused" && counts.paused);
  auto wanted = is_waiting ? "waiting" : name;
  auto others = std::remove_if(all.begin(), all.end(),
                               [&](const auto& x) { return wanted != x.name; });
  all.erase(others, all.end());
  return all;
}

} // namespace

const std::vector<std::string>& listed_states() {
  static const std::vector<std::string> names{
    "waiting", "active",           "prioritized", "delayed", "completed",
    "failed",  "waiting-children", "all",         "wait",    "paused"};
  return names;
}

result<job_page> list_jobs(job_queue& queue, const std::string& state,
                           uint64_t offset, uint32_t limit) {
  auto counts = queue.counts();
  if (!counts)
    return std::move(counts.error());
  job_page out;
  for (const auto& each : states_named(state, *counts)) {
    out.total += each.jobs;
    auto skipped = std::min(offset, each.jobs);
    offset -= skipped;
    auto left = limit - static_cast<uint32_t>(out.jobs.size());
    if (left == 0 || skipped == each.jobs)
      continue;
    auto found = queue.list(each.name, static_cast<uint32_t>(skipped), left);
    if (!found)
      return std::move(found.error());
    for (auto& job : *found)
      out.jobs.push_back({each.name, std::move(job)});
  }
  return out;
}

} // namespace darkroom
