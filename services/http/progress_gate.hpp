/// Merges the progress of each job, so that no browser gets more frames than it
/// can show. Internal to services/http.
#pragma once

#include "services/http/sse_id.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace darkroom {

/// One event of the stream.
struct sse_event {
  uint64_t number = 0; ///< of the channel's ring
  int64_t at = 0;      ///< ms, when it was kept
  std::string type;    ///< "job-progress"; empty if it is no worker event
  std::string image_id;
  std::string job_id;
  std::string json; ///< UTF-8
};

/// Progress of a job passes at most once per interval. What comes earlier is
/// held back; newer progress of the job replaces it, and any other event of the
/// job drops it, so that no progress comes after the job's end. Not
/// thread-safe.
class progress_gate {
public:
  using clock = std::chrono::steady_clock;

  /// @param interval 0 lets everything pass
  explicit progress_gate(std::chrono::milliseconds interval)
    : interval_(interval) {}

  /// @returns whether the event goes on now; if not, the gate took it
  bool passes(sse_event& event, clock::time_point now);

  /// What was held back until now, by time.
  std::vector<sse_event> release(clock::time_point now);

  /// When something is due; nothing if nothing is held back.
  std::optional<clock::time_point> next_due() const;

  /// The numbers of what is held back, the newest `most_owed` in their order.
  std::vector<uint64_t> held() const;

  /// Forgets everything.
  void clear() {
    jobs_.clear();
    held_ = 0;
  }

private:
  struct job {
    clock::time_point due;            ///< when its next progress may pass
    std::optional<sse_event> waiting; ///< the newest
  };

  void forget_old(clock::time_point now);

  const std::chrono::milliseconds interval_;
  std::unordered_map<std::string, job> jobs_; ///< by id
  size_t held_ = 0;                           ///< jobs with something waiting
  size_t next_cleaning_ = 1024;               ///< size of `jobs_`
};

} // namespace darkroom
