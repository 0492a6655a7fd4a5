/// A job type: a name and a plain function. Adding one: a file here, a row in
/// `job_table.cpp`, a test.
#pragma once

#include "actors/run_control.hpp"
#include "config/settings.hpp"
#include "messages/job.hpp"
#include "messages/result.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

class job_tools;

/// What a job function may use. Lives for one run; borrowed things outlive it.
struct job_context {
  const job& work;
  job_tools* tools; ///< codec, analysers, storage; null for cheap jobs
  run_control& control;
  /// Reports progress (JSON text) or a log line.
  std::function<void(job_update)> report;
  /// Books a call to a limited provider. @returns ms, as `call_request` says;
  /// none: nobody answered. Not for cheap jobs.
  std::function<std::optional<int64_t>()> book_call;

  /// To be called right before a call to a provider that `[limits]` names. May
  /// block until the main node answers.
  /// @param slack what may pass from the booking to the call
  /// @returns why the job must end without the call
  status start_call(std::chrono::milliseconds slack);

  /// Reports progress in percent.
  void progress(int percent);

  /// Adds a line to the job's log.
  void log(std::string line);
};

/// Runs the job to its end. May block if the type is not cheap. Exceptions are
/// caught by the caller and fail the job.
using job_function = outcome (*)(job_context&);

struct job_type {
  const char* name;
  job_function run;
  bool is_cheap;      ///< never blocks: runs inline in the pool
  bool is_diagnostic; ///< only with `--diagnostics`
  /// Limited things it uses (`[limits]`), then null.
  const char* resources[2] = {};
};

/// The type of this name, null if there is none.
const job_type* find_job_type(const std::string& name, bool diagnostics);

/// The names of all job types.
std::vector<std::string> job_type_names();

/// The names of the types that a node runs: all, or those of `[worker]
/// job_types`.
/// @returns ec::bad_config if one of these is no job type
result<std::vector<std::string>> job_types_of(const worker_settings& worker);

/// Which resources the jobs of each type use, where they use any.
std::vector<resource_use> resource_uses();

/// Runs a job of any name: deferred failures, unknown names and exceptions
/// become outcomes.
outcome run_job(const job_type* type, job_context& context);

/// Outcomes, with the job's id and token filled in.
outcome completed(const job& work, std::string value);
outcome failed(const job& work, const error& reason);

} // namespace darkroom
