/// Walks through the jobs of one state, and can go on later where it stopped.
#pragma once

#include "services/redis/job_filter.hpp"
#include "services/redis/job_queue.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Finished jobs come newest first, other jobs in the order in which they will
/// run. A job that changes its place meanwhile may come twice or not at all.
struct walk_page {
  std::vector<stored_job> jobs;
  std::string next;  ///< cursor of what follows; empty: there is no more
  uint64_t read = 0; ///< jobs that were looked at
};

/// Which jobs a walk returns.
struct walk_request {
  std::string state; ///< of `walked_states`
  job_filter filter;
  std::string cursor; ///< `next` of the page before; empty: from the start
  uint32_t limit = 50;
};

/// "waiting", "active", "prioritized", "delayed", "completed", "failed",
/// "waiting-children" and "paused", which are the waiting jobs of a queue that
/// a client of BullMQ 5 paused.
const std::vector<std::string>& walked_states();

/// Looks at 10,000 jobs at most, in slices: with a filter that few jobs fit, a
/// page may have fewer jobs than asked for, and a `next` all the same.
/// @returns ec::bad_input for an unknown state or a cursor that no walk made
result<walk_page> walk_jobs(job_queue& queue, const walk_request& what);

} // namespace darkroom
