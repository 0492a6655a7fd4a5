/// Which events are told: progress is throttled, `job-queued` comes once and
/// before anything else of its job.
#pragma once

#include "config/settings.hpp"
#include "messages/event.hpp"

#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace darkroom {

/// Not thread-safe. Times come with the events.
class event_filter {
public:
  explicit event_filter(const event_settings& settings);

  /// What is to be published for this event, in order: nothing, the event, or
  /// a `job-queued` that was not told yet and the event.
  std::vector<worker_event> pass(const worker_event& event);

private:
  bool is_throttled(const worker_event& event);
  bool announce(const std::string& job_id);

  event_settings settings_;
  std::unordered_map<std::string, int64_t> last_progress_; ///< ms, by job id
  std::unordered_set<std::string> announced_;
  std::deque<std::string> order_; ///< of `announced_`, oldest first
};

} // namespace darkroom
