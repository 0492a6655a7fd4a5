/// A job type: a name and a plain function. CONTRIBUTING.md says how to add
/// one.
#pragma once

#include "actors/run_control.hpp"
#include "config/queue_context.hpp"
#include "config/settings.hpp"
#include "messages/image_part.hpp"
#include "messages/job.hpp"
#include "messages/known_result.hpp"
#include "messages/result.hpp"
#include "services/provider/provider_desk.hpp"
#include "services/trace/tracer.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

class job_tools;

/// What a job function may use. Lives for one run; everything it borrows lives
/// longer.
struct job_context {
  const job& work;
  job_tools* tools; ///< codec, analysers, storage; null for cheap jobs
  run_control& control;
  /// Reports progress (JSON text) or a log line.
  std::function<void(job_update)> report;
  /// Where calls to providers are booked and reported; null for cheap jobs.
  provider_desk* desk = nullptr;
  /// Asks the main node for variants of the same bytes. @returns nothing if no
  /// answer came in time. Empty where nobody can be asked.
  std::function<std::optional<known_result>(const result_query&)> find_result
    = {};
  tracer_ptr tracing = {}; ///< takes spans; may be null
  /// The span of this run, which `run_job` begins and ends.
  span_scope span = {};

  /// Reports progress in percent.
  void progress(int percent);

  /// Adds a line to the job's log.
  void log(std::string line);
};

/// Runs the job to its end. May block unless the type is cheap. The caller
/// catches exceptions, which fail the job.
using job_function = outcome (*)(job_context&);

struct job_type {
  const char* name = nullptr;
  job_function run = nullptr;
  bool is_cheap = false;      ///< never blocks: runs inline in the pool
  bool is_diagnostic = false; ///< only with `--diagnostics`
  /// The part of an image that it makes, if any.
  std::optional<image_part> part = std::nullopt;
  /// The limited resources (`[limits]`) that it uses, then null.
  const char* resources[2] = {};

  /// Whether it makes a part from the picture's file. Then a job of this type
  /// is added with each upload, and its node must see the uploads folder.
  constexpr bool reads_picture() const {
    return part && !rules_of(*part).is_chained;
  }
};

/// The name of the job type that makes a part.
const char* maker_of(image_part part);

/// The types whose jobs are added with each upload, in the order of the table.
std::vector<const job_type*> upload_job_types();

/// The type of this name, null if there is none.
const job_type* find_job_type(const std::string& name, bool diagnostics);

/// The names of all job types.
std::vector<std::string> job_type_names();

/// The names of the types that a node runs: all, or those of `[worker]
/// job_types`.
/// @returns ec::bad_config if one of these is not a job type
result<std::vector<std::string>> job_types_of(const worker_settings& worker);

/// The resources of each job type that uses any.
std::vector<resource_use> resource_uses();

/// The queue's rules for resources: which resources the job types use, the
/// limits from `[limits]`, the budget, and how long answers are kept.
/// Everything else keeps its default.
queue_context queue_context_of(const settings& config);

/// Runs a job of any name. Deferred failures, unknown names and exceptions
/// become outcomes. Chained jobs belong to the trace of the job.
outcome run_job(const job_type* type, job_context& context);

/// Outcomes, with the job's id and token filled in.
outcome completed(const job& work, std::string value);
outcome failed(const job& work, const error& reason);

} // namespace darkroom
