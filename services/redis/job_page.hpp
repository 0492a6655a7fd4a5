/// Jobs of one state or of all, a page at a time.
#pragma once

#include "services/redis/job_queue.hpp"

#include <string>
#include <vector>

namespace darkroom {

struct listed_job {
  std::string state; ///< "waiting", "failed", …
  stored_job job;
};

struct job_page {
  std::vector<listed_job> jobs;
  uint64_t total = 0; ///< jobs that there are in the state
};

/// The states' names as `list_jobs` takes them.
const std::vector<std::string>& listed_states();

/// @param state one of `listed_states`: "all" goes from what runs over what
///        waits to what has ended; "wait" is BullMQ's name of "waiting";
///        "paused" are those that wait while the queue is paused
/// @param offset jobs to pass over
result<job_page> list_jobs(job_queue& queue, const std::string& state,
                           uint64_t offset, uint32_t limit);

} // namespace darkroom
