/// Jobs as lines of JSON, one job a line: what `darkroom add --bulk` reads.
///
///   {"name": "echo", "data": {…}, "opts": {"delay": 1000, "jobId": "a"}}
///
/// The members are those of BullMQ's `addBulk`; all may be missing.
#pragma once

#include "messages/job.hpp"
#include "messages/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace darkroom {

/// The job with the options that a person gave it, as `with_options` takes
/// them.
/// @returns ec::bad_input also for options that nobody reads or that are of the
///   wrong kind, which BullMQ's clients would pass on
result<new_job> with_checked_options(new_job job, const nlohmann::json& given);

/// Reads one line. Options as `with_checked_options` takes them.
/// @param base the job's name, data and options where the line has none
/// @returns ec::bad_input naming what is wrong
result<new_job> read_job_line(std::string_view line, const new_job& base);

} // namespace darkroom
