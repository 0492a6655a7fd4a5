/// Jobs as lines of JSON, one job per line: what `darkroom add --bulk` reads.
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

/// Applies options that a person gave, like `with_options`, but more strictly.
/// @returns ec::bad_input also for unknown options and options of the wrong
///   type, which BullMQ's clients would pass on
result<new_job> with_checked_options(new_job job, const nlohmann::json& given);

/// Reads one line; checks its options like `with_checked_options`.
/// @param base gives the name, data and options that the line leaves out
/// @returns ec::bad_input naming what is wrong
result<new_job> read_job_line(std::string_view line, const new_job& base);

} // namespace darkroom
