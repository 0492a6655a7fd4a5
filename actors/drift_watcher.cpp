#include "actors/drift_watcher.hpp"

#include "actors/mailbox.hpp"
#include "config/clock.hpp"
#include "config/words.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

void drift_watcher_state::init(directory_ptr peers,
                               std::chrono::milliseconds every, drift_look look,
                               metrics_ptr counted) {
  peers_ = std::move(peers);
  every_ = every;
  look_ = std::move(look);
  counted_ = std::move(counted);
  self_->delayed_send(self_, every_, poll_v);
}

void drift_watcher_state::look() {
  auto report = look_();
  if (!report)
    spdlog::warn("catalog, queue and files could not be compared: {}",
                 report.error().context);
  else if (!report->no_files.empty())
    spdlog::warn("{}", report->no_files);
  if (report)
    for (auto which : all_drift_classes())
      compare(which, report->at(which));
  self_->delayed_send(self_, every_, poll_v);
}

void drift_watcher_state::compare(drift_class which, const drift_count& now) {
  if (counted_)
    counted_->set(gauge::drift, {{"class", to_string(which)}},
                  static_cast<double>(now.left()));
  if (now.repaired > 0)
    tell(which, "repaired", now.repaired, now);
  auto& is_known = is_known_[static_cast<size_t>(which)];
  auto was_known = std::exchange(is_known, now.left() > 0);
  if (is_known && !was_known)
    tell(which, "found", now.left(), now);
  else if (was_known && !is_known)
    tell(which, "gone", 0, now);
}

void drift_watcher_state::tell(drift_class which, const char* state,
                               uint64_t count, const drift_count& now) {
  if (count > 0)
    spdlog::warn("fsck has {} {} of {}: {}", state, count, to_string(which),
                 joined(now.examples, "; ", "; "));
  else
    spdlog::info("fsck finds no {} any more", to_string(which));
  if (!now.trouble.empty())
    spdlog::warn("fsck could not repair one: {}", now.trouble);
  self_->send(peers_->find<notifier_actor>(role::notifier),
              drift_alert{to_string(which), state, count, now.examples,
                          wall_clock_ms()});
}

drift_watcher_actor::behavior_type
drift_watcher(drift_watcher_actor::stateful_pointer<drift_watcher_state> self,
              directory_ptr peers, std::chrono::milliseconds every,
              drift_look look, metrics_ptr counted) {
  answer_mailbox(self);
  self->state.init(std::move(peers), every, std::move(look),
                   std::move(counted));
  return {
    [self](poll) { self->state.look(); },
  };
}

} // namespace darkroom
