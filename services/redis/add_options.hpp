/// The options that a producer may give one job.
#pragma once

#include "messages/job.hpp"
#include "messages/result.hpp"

#include <nlohmann/json_fwd.hpp>

namespace darkroom {

/// Applies options with BullMQ's names (jobId, delay, priority, lifo, attempts,
/// backoff, deduplication, parent, failParentOnFailure, …) on top of those that
/// the job has, and writes them the way BullMQ stores them.
/// @param given a JSON object
/// @returns ec::bad_input for what BullMQ's clients refuse
result<new_job> with_options(new_job job, const nlohmann::json& given);

} // namespace darkroom
