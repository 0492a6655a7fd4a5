/// The fence: which of two runs may write an image's part.
#pragma once

#include "messages/records.hpp"

namespace darkroom {

/// How a stamp compares to the newest one seen.
enum class fence_verdict { older, same, newer };

/// Compares by the job's timestamp, then its id, then its attempt. The id only
/// matters for jobs that were added in the same millisecond. Shorter ids come
/// first, which keeps BullMQ's counted ids in the order in which they were
/// added.
fence_verdict check_fence(const attempt_stamp& newest,
                          const attempt_stamp& stamp);

/// Whether both are runs of one job, however often it was taken. If an id was
/// used again, it belongs to another job.
bool is_same_job(const attempt_stamp& a, const attempt_stamp& b);

/// "job 7 of 1700000000000, attempt 2": the name of a run in errors.
std::string describe(const attempt_stamp& stamp);

} // namespace darkroom
