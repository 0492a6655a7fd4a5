#include "services/http/progress_gate.hpp"

#include "messages/event.hpp"

#include <algorithm>

namespace darkroom {

bool progress_gate::passes(sse_event& event, clock::time_point now) {
  if (interval_.count() == 0 || event.job_id.empty())
    return true;
  if (event.type != to_string(event_kind::progress)) {
    auto known = jobs_.find(event.job_id);
    if (known == jobs_.end())
      return true;
    held_ -= known->second.waiting ? 1 : 0;
    jobs_.erase(known);
    return true;
  }
  auto [known, is_first] = jobs_.try_emplace(event.job_id);
  auto& job = known->second;
  if (is_first || (now >= job.due && !job.waiting)) {
    job.due = now + interval_;
    forget_old(now);
    return true;
  }
  held_ += job.waiting ? 0 : 1;
  job.waiting = std::move(event);
  return false;
}

std::vector<sse_event> progress_gate::release(clock::time_point now) {
  std::vector<sse_event> out;
  if (held_ == 0)
    return out;
  for (auto& [id, job] : jobs_) {
    if (!job.waiting || job.due > now)
      continue;
    out.push_back(std::move(*job.waiting));
    job.waiting.reset();
    job.due = now + interval_;
    --held_;
  }
  std::sort(out.begin(), out.end(),
            [](auto& a, auto& b) { return a.number < b.number; });
  return out;
}

std::optional<progress_gate::clock::time_point>
progress_gate::next_due() const {
  std::optional<clock::time_point> out;
  if (held_ == 0)
    return out;
  for (const auto& [id, job] : jobs_)
    if (job.waiting && (!out || job.due < *out))
      out = job.due;
  return out;
}

std::vector<uint64_t> progress_gate::held() const {
  std::vector<uint64_t> out;
  if (held_ == 0)
    return out;
  for (const auto& [id, job] : jobs_)
    if (job.waiting)
      out.push_back(job.waiting->number);
  std::sort(out.begin(), out.end());
  if (out.size() > most_owed)
    out.erase(out.begin(), out.end() - most_owed);
  return out;
}

/// Jobs whose next progress may pass at once need no entry.
void progress_gate::forget_old(clock::time_point now) {
  if (jobs_.size() < next_cleaning_)
    return;
  std::erase_if(jobs_, [now](auto& x) {
    return !x.second.waiting && x.second.due <= now;
  });
  next_cleaning_ = std::max<size_t>(1024, 2 * jobs_.size());
}

} // namespace darkroom
