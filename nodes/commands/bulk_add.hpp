/// `darkroom add --bulk` and `--count`: many jobs in few round trips.
#pragma once

#include "config/settings.hpp"
#include "messages/job.hpp"
#include "messages/result.hpp"

#include <string>

namespace darkroom {

struct bulk_request {
  const settings& config; ///< outlives the call
  new_job base;           ///< gives what a line leaves out
  bool is_forced = false; ///< any job type
  bool is_json = false;   ///< the answer
};

/// Adds a job for each line of a file ("-": the standard input), see
/// services/redis/job_line.hpp. Skips empty lines. Reads all lines before it
/// adds the first job: if one is wrong, it adds none. Copies a pipe into a
/// temporary file first, and keeps only one line in memory.
/// @returns the exit code; says what was added, or which line is wrong
int add_lines(const bulk_request& asked, const std::string& file);

/// Adds `count` copies of a job. @returns the same as add_lines
int add_copies(const bulk_request& asked, uint64_t count);

/// @returns ec::bad_input if Darkroom does not know the job type, naming the
/// one that was probably meant
status check_job_type(const std::string& name, bool is_forced);

} // namespace darkroom
