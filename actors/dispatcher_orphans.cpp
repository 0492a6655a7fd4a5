/// The dispatcher's orphans: jobs that our tokens lock although no pool runs
/// them, because the answer to their claim was lost.
#include "actors/dispatcher.hpp"
#include "actors/restarted.hpp"
#include "config/defaults.hpp"

#include <spdlog/spdlog.h>

namespace darkroom {

void dispatcher_state::lose_claim(uint32_t wanted) {
  budget_.doubt(wanted);
  report_permits(0, wanted, 0, 0);
  // While pools are being adopted, the search at the end of that time finds the
  // jobs.
  if (!is_adopting_)
    request_reap();
  // Redis may execute the claim after the first search, because that uses
  // another connection.
  reap_later(store_timeout);
}

void dispatcher_state::reap_later(std::chrono::milliseconds delay) {
  auto now = self_->clock().now();
  if (reap_at_ > now)
    return;
  reap_at_ = now + delay;
  self_->delayed_send(self_, delay, reap_v);
}

void dispatcher_state::request_reap() {
  is_reap_wanted_ = true;
  is_adopting_ = false;
  if (is_watching_)
    options_.wake_watcher();
  pump_in(std::chrono::milliseconds{1});
}

void dispatcher_state::reap_now() {
  is_reaping_ = true;
  return_orphans message{options_.orphan_prefix, {}};
  for (const auto& [key, x] : table_.all())
    message.running.push_back(x.work.id);
  self_
    ->request(store_for(store_task::orphans), store_timeout, std::move(message))
    .then(
      [this](const id_list& returned) {
        is_reaping_ = false;
        is_reap_wanted_ = !returned.failure.empty();
        if (is_reap_wanted_)
          note_trouble(returned.failure);
        else
          budget_.end_doubt();
        if (!returned.ids.empty())
          spdlog::warn("dispatcher gave back {} jobs that nobody ran",
                       returned.ids.size());
        figures_.add(counter::jobs_orphaned, returned.ids.size());
        budget_.expect_work();
        // Redis may execute this script and still refuse claims, which need
        // memory or replicas. The pause then prevents a busy loop.
        pump_in(trouble_.empty() || is_draining_ ? std::chrono::milliseconds{0}
                                                 : retry_interval);
      },
      [this](caf::error& reason) {
        is_reaping_ = false;
        pump_in(never_arrived(reason) ? restart_poll : retry_interval);
      });
}

} // namespace darkroom
