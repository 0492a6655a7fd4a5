#include "services/catalog/fence.hpp"

#include <functional>
#include <tuple>

namespace darkroom {

namespace {

auto rank(const attempt_stamp& x) {
  return std::make_tuple(x.job_timestamp, x.job_id.size(), std::cref(x.job_id),
                         x.attempt);
}

} // namespace

fence_verdict check_fence(const attempt_stamp& newest,
                          const attempt_stamp& stamp) {
  if (rank(stamp) < rank(newest))
    return fence_verdict::older;
  return rank(newest) < rank(stamp) ? fence_verdict::newer
                                    : fence_verdict::same;
}

bool is_same_job(const attempt_stamp& a, const attempt_stamp& b) {
  return a.job_id == b.job_id && a.job_timestamp == b.job_timestamp;
}

std::string describe(const attempt_stamp& stamp) {
  return "job " + stamp.job_id + " of " + std::to_string(stamp.job_timestamp)
         + ", attempt " + std::to_string(stamp.attempt);
}

} // namespace darkroom
