/// `darkroom add --bulk` and `--count`: many jobs in few round trips.
#pragma once

#include "config/settings.hpp"
#include "messages/job.hpp"
#include "messages/result.hpp"

#include <string>

namespace darkroom {

struct bulk_request {
  const settings& config; ///< outlives the call
  new_job base;           ///< stands in for what a line leaves out
  bool is_forced;         ///< any job type
  bool is_json;           ///< the answer
};

/// Adds a job for each line of a file ("-": of the standard input), see
/// services/redis/job_line.hpp; empty lines are passed over. All lines are read
/// before the first job is added: where one is wrong, none is. What is no file
/// is kept in a temporary one meanwhile, and no more than a line in memory.
/// @returns the exit code; says what was added, or which line is wrong
int add_lines(const bulk_request& asked, const std::string& file);

/// Adds `count` copies of a job. @returns as add_lines
int add_copies(const bulk_request& asked, uint64_t count);

/// @returns ec::bad_input where Darkroom runs no such job, naming the type that
/// was probably meant
status check_job_type(const std::string& name, bool is_forced);

} // namespace darkroom
