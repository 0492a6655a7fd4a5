/// Pages of jobs, of one state or of all.
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
  uint64_t total = 0; ///< all jobs in the state
};

/// The names of states that `list_jobs` accepts.
const std::vector<std::string>& listed_states();

/// @param state one of `listed_states`: "all" lists first running, then
///        waiting, then ended jobs; "wait" is BullMQ's name of "waiting";
///        "paused" are the jobs that wait while the queue is paused
/// @param offset jobs to skip
result<job_page> list_jobs(job_queue& queue, const std::string& state,
                           uint64_t offset, uint32_t limit);

} // namespace darkroom
