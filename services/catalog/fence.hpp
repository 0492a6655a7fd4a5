/// The fence: which of two runs may write an image's part.
#pragma once

#include "messages/records.hpp"

namespace darkroom {

/// What a stamp is to the newest one seen.
enum class fence_verdict { older, same, newer };

/// Compares by the job's timestamp, then its id, then its attempt. The id only
/// tells apart jobs that were added in the same millisecond: shorter ids come
/// first, so that BullMQ's counted ids keep the order in which they were added.
fence_verdict check_fence(const attempt_stamp& newest,
                          const attempt_stamp& stamp);

/// Whether both are runs of one job, however often it was taken. An id that was
/// used again is another job's.
bool is_same_job(const attempt_stamp& a, const attempt_stamp& b);

/// "job 7 of 1700000000000, attempt 2": how errors name a run.
std::string describe(const attempt_stamp& stamp);

} // namespace darkroom
