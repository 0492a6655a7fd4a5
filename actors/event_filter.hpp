/// Which events are told: progress is throttled, `job-queued` comes once and
/// before anything else of its job.
#pragma once

#include "actors/id_ranges.hpp"
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
  bool announce(const worker_event& event);
  bool announce_number(uint64_t number, bool is_of_stream);
  bool announce_name(const std::string& job_id);

  event_settings settings_;
  std::unordered_map<std::string, int64_t> last_progress_; ///< ms, by job id
  id_ranges announced_numbers_;
  uint64_t newest_number_ = 0; ///< that the stream of added jobs told
  std::unordered_set<std::string> announced_names_;
  std::deque<std::string> order_; ///< of the names, oldest first
};

} // namespace darkroom
