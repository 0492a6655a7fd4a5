#include "sim/queue_model.hpp"

#include "services/redis/job_options.hpp"

#include <algorithm>

namespace darkroom::sim {

namespace {

bool take(queue_model::ranking& from, const std::string& id) {
  return std::erase_if(from, [&](const auto& x) { return x.second == id; }) > 0;
}

} // namespace

std::string queue_model::owner_of(const std::string& id) const {
  auto found = jobs.find(id);
  if (found == jobs.end() || found->second.lock_end <= clock)
    return {};
  return found->second.lock;
}

void queue_model::unlock(const std::string& id) {
  jobs[id].lock.clear();
  jobs[id].lock_end = 0;
}

// -- lines --------------------------------------------------------------------

void queue_model::wake_unless_blocked() {
  if (!is_blocked())
    is_marked = true;
}

void queue_model::line_up(const std::string& id, bool first) {
  auto priority = static_cast<int64_t>(jobs[id].fields.priority);
  if (priority > 0)
    prioritized.emplace((priority << 32) + (first ? 0 : ++rank_count), id);
  else
    wait.insert(first ? wait.end() : wait.begin(), id);
}

void queue_model::delay(const std::string& id, int64_t due) {
  auto score = due * delayed_ties;
  for (const auto& [other, name] : delayed)
    if (other / delayed_ties == due)
      score = other + 1;
  delayed.emplace(score, id);
  is_due_marked = true;
}

void queue_model::promote(int64_t now) {
  if (delayed.empty() || delayed.begin()->first / delayed_ties > now)
    return;
  while (!delayed.empty() && delayed.begin()->first / delayed_ties <= now) {
    auto id = delayed.begin()->second;
    delayed.erase(delayed.begin());
    line_up(id, false);
  }
  wake_unless_blocked();
}

void queue_model::release(const std::string& id) {
  auto found = owners.find(jobs[id].deduplication);
  if (found != owners.end() && found->second == id)
    owners.erase(found);
}

// -- producers and operators --------------------------------------------------

std::string queue_model::add(const new_job& x, int64_t now,
                             const std::string& deduplication) {
  auto id = std::to_string(++id_count);
  if (!x.id.empty())
    id = x.id;
  if (!x.id.empty() && jobs.count(id) > 0)
    return id;
  if (!deduplication.empty()) {
    auto [owner, is_free] = owners.emplace(deduplication, id);
    if (!is_free)
      return owner->second;
  }
  auto& added = jobs[id];
  added.deduplication = deduplication;
  added.fields.id = id;
  added.fields.name = x.name;
  added.fields.data = x.data;
  added.fields.timestamp = now;
  added.fields.priority = x.priority;
  added.fields.options = parse_job_options(x.options);
  if (x.delay_ms > 0) {
    delay(id, now + x.delay_ms);
  } else {
    line_up(id, x.priority == 0 && x.lifo);
    wake_unless_blocked();
  }
  return id;
}

bool queue_model::retry(const std::string& id, bool is_fresh) {
  if (completed.erase(id) + failed.erase(id) == 0)
    return false;
  auto& fields = jobs[id].fields;
  if (is_fresh)
    fields.attempts_made = fields.lost = fields.codec_deaths = 0;
  line_up(id, false);
  wake_unless_blocked();
  return true;
}

bool queue_model::promote_one(const std::string& id) {
  if (!take(delayed, id))
    return false;
  line_up(id, false);
  wake_unless_blocked();
  return true;
}

bool queue_model::remove(const std::string& id) {
  if (!owner_of(id).empty())
    return false;
  std::erase(wait, id);
  std::erase(active, id);
  take(delayed, id);
  take(prioritized, id);
  completed.erase(id);
  failed.erase(id);
  release(id);
  jobs.erase(id);
  return true;
}

void queue_model::set_paused(bool paused) {
  is_paused = paused;
  is_marked = !paused && (!wait.empty() || !prioritized.empty());
}

} // namespace darkroom::sim
