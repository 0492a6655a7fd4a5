/// The dispatcher's drain: running jobs may finish within the grace time, and
/// the others go back.
#include "actors/dispatcher.hpp"
#include "config/defaults.hpp"

#include <map>
#include <utility>

namespace darkroom {

caf::result<drain_report> dispatcher_state::drain(int64_t grace_ms) {
  drained_ = self_->make_response_promise<drain_report>();
  is_draining_ = true;
  self_->delayed_send(self_, std::chrono::milliseconds{grace_ms}, overdue_v);
  pump();
  return drained_;
}

void dispatcher_state::hand_back_rest() {
  if (is_overdue_) { // the second time: Redis did not take the jobs
    // This includes jobs of claims without an answer: nobody returns them.
    report_.stranded = static_cast<uint32_t>(table_.all().size())
                       + table_.reserved() + budget_.doubtful();
    if (drained_.pending())
      drained_.deliver(report_);
    return;
  }
  is_overdue_ = true;
  std::map<caf::actor_addr, cancel_runs> cancels;
  std::vector<std::string> keys;
  for (const auto& [key, x] : table_.all()) {
    if (!x.holds_slot)
      continue;
    keys.push_back(key);
    cancels[x.pool.address()].runs.push_back({x.work.id, x.work.token});
  }
  for (auto& [pool, message] : cancels)
    self_->send(caf::actor_cast<processor_pool_actor>(pool),
                std::move(message));
  for (const auto& x : kept_.take_uncommitted())
    keys.push_back(key_of(x.job_id, x.token));
  for (const auto& key : keys)
    give_back(key, false);
  report_.handed_back = static_cast<uint32_t>(keys.size());
  self_->delayed_send(self_, hand_back_time, overdue_v);
  pump();
}

void dispatcher_state::finish_drain() {
  auto is_known = !is_adopting_ && !is_reap_wanted_ && !is_reaping_
                  && budget_.pending() == 0;
  if (!is_draining_ || !drained_.pending() || !kept_.is_all_told() || !is_known
      || !table_.all().empty() || !endings_.empty())
    return;
  if (reap_at_ > self_->clock().now()) {
    // A lost claim may have taken jobs, and nobody would look for them later.
    reap_at_ = self_->clock().now();
    request_reap();
    return;
  }
  drained_.deliver(report_);
}

} // namespace darkroom
