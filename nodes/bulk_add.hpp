/// `darkroom add --bulk` and `--count`: many jobs in few round trips.
#pragma once

#include "config/settings.hpp"
#include "messages/job.hpp"

#include <string>

namespace darkroom {

/// Adds a job for each line of a file ("-": of the standard input), see
/// services/redis/job_line.hpp; empty lines are passed over. Stops at the first
/// line that is wrong, and says how many jobs were added before it.
/// @param base stands in for what a line leaves out
/// @returns the exit code; says what was added, or why not
int add_lines(const settings& config, const new_job& base,
              const std::string& file, bool is_json);

/// Adds `count` copies of a job. @returns as add_lines
int add_copies(const settings& config, const new_job& job, uint64_t count,
               bool is_json);

} // namespace darkroom
