/// Jobs as lines of JSON, one job a line: what `darkroom add --bulk` reads.
///
///   {"name": "echo", "data": {…}, "opts": {"delay": 1000, "jobId": "a"}}
///
/// The members are those of BullMQ's `addBulk`; all may be missing.
#pragma once

#include "messages/job.hpp"
#include "messages/result.hpp"

#include <string_view>

namespace darkroom {

/// Reads one line. Options as `with_options` takes them.
/// @param base the job's name, data and options where the line has none
/// @returns ec::bad_input naming what is wrong
result<new_job> read_job_line(std::string_view line, const new_job& base);

} // namespace darkroom
