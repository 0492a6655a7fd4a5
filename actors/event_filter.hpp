/// Decides which events are published. Progress is throttled; `job-queued` is
/// published once, before any other event of its job.
#pragma once

#include "actors/id_ranges.hpp"
#include "config/settings.hpp"
#include "messages/event.hpp"

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace darkroom {

class announcements;
using announcements_ptr = std::shared_ptr<announcements>;

/// Not thread-safe. The events carry the time.
class event_filter {
public:
  /// @param others null: nobody else announces jobs
  explicit event_filter(const event_settings& settings,
                        announcements_ptr others = nullptr);

  /// What to publish for this event, in order: nothing, the event, or first its
  /// missing `job-queued` and then the event.
  std::vector<worker_event> pass(const worker_event& event);

private:
  bool announces() const;
  bool is_throttled(const worker_event& event);
  bool announce(const worker_event& event);
  bool announce_number(uint64_t number, bool is_of_stream);
  bool announce_name(const std::string& job_id);

  event_settings settings_;
  announcements_ptr others_;
  std::unordered_map<std::string, int64_t> last_progress_; ///< ms, by job id
  id_ranges announced_numbers_;
  uint64_t newest_number_ = 0; ///< from the stream of added jobs
  std::unordered_set<std::string> announced_names_;
  std::deque<std::string> order_; ///< the names, oldest first
};

} // namespace darkroom
