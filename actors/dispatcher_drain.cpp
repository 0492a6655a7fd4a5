/// The dispatcher's end: what runs finishes, the rest goes back.
#include "actors/dispatcher.hpp"
#include "config/defaults.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace darkroom {

caf::result<drain_report> dispatcher_state::drain(int64_t grace_ms) {
  drained_ = self_->make_response_promise<drain_report>();
  draining_ = true;
  self_->delayed_send(self_, std::chrono::milliseconds{grace_ms}, overdue_v);
  pump();
  return drained_;
}

void dispatcher_state::hand_back_rest() {
  if (overdue_) { // the second time: Redis does not take them
    // What a claim without an answer took counts: nobody gives it back.
    report_.stranded = static_cast<uint32_t>(table_.all().size())
                       + table_.reserved() + budget_.doubtful();
    if (drained_.pending())
      drained_.deliver(report_);
    return;
  }
  overdue_ = true;
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
  auto is_known = !adopting_ && !reap_wanted_ && !reaping_
                  && budget_.pending() == 0;
  if (!draining_ || !drained_.pending() || !kept_.is_all_told() || !is_known
      || !table_.all().empty() || !endings_.empty())
    return;
  if (reap_at_ > self_->clock().now()) {
    // Nobody will look later for what a lost claim took late.
    reap_at_ = self_->clock().now();
    request_reap();
    return;
  }
  drained_.deliver(report_);
}

} // namespace darkroom
