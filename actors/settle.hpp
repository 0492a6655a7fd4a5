/// What a job's outcome means for the queue. One pure function decides it.
#pragma once

#include "config/settings.hpp"
#include "messages/settlement.hpp"

namespace darkroom {

/// The delay before the next attempt, in ms.
/// @param made   attempts made, including the failed one; from 1
/// @param random 0 <= random < 1, spreads the delay as `jitter` says
/// @returns -1 if the job's backoff type does not exist
int64_t backoff_delay(const job_options& options, uint32_t made, double random);

/// The outcome of a successful run whose rows are void because a newer job owns
/// the image's part. The job completes with `superseded: true` in its return
/// value, and adds no other job.
outcome superseded(outcome ended);

/// Where the job goes after this run.
///
/// | outcome   | attempts left | none left  |
/// | ---       | ---           | ---        |
/// | completed | complete      | complete   |
/// | failed    | retry         | fail       |
/// | refused   | fail          | fail       |
/// | throttled | postpone      | postpone   |
/// | returned  | give back     | give back  |
///
/// A job fails for good if too many codecs or nodes died while they ran it.
settlement settle(const job& ran, const outcome& ended,
                  const worker_settings& limits, double random);

} // namespace darkroom
