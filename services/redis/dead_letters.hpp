/// Visits the dead letters, the jobs that failed for good, one by one.
#pragma once

#include "services/redis/job_filter.hpp"
#include "services/redis/queue_admin.hpp"

#include <functional>

namespace darkroom {

/// What the visitor did with a dead letter.
enum class visited {
  kept, ///< it is still there
  gone, ///< redriven or removed
  last, ///< like `kept`, and the visitor wants no more
};

/// Calls `visit` with each dead letter that matches; reads 200 per round trip.
/// Leaves out jobs that die meanwhile.
/// @returns the first error of Redis or of `visit`
status
each_dead(queue_admin& queue, const job_filter& filter, bool newest_first,
          int64_t now,
          const std::function<result<visited>(const stored_job&)>& visit);

} // namespace darkroom
