/// What a job's outcome means for the queue, decided in one pure function.
#pragma once

#include "config/settings.hpp"
#include "messages/settlement.hpp"

namespace darkroom {

/// The delay before the next attempt, in ms.
/// @param made   attempts made, the failed one included; from 1
/// @param random 0 <= random < 1, spreads the delay where `jitter` asks for it
/// @returns -1 if the job names a backoff type that does not exist
int64_t backoff_delay(const job_options& options, uint32_t made, double random);

/// What is left of a run that succeeded, but whose rows are void because a
/// newer job owns the image's part: the job completes, with `superseded: true`
/// in its return value, and adds no other job.
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
/// A job over which too many codecs or nodes died fails for good: it is poison.
settlement settle(const job& ran, const outcome& ended,
                  const worker_settings& limits, double random);

} // namespace darkroom
