/// The spans that a main node makes of a job's run, as the dispatcher sees it.
#pragma once

#include "actors/lease.hpp"
#include "messages/settlement.hpp"
#include "services/trace/tracer.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Begins the traces of jobs that were just claimed. Their `trace` holds what
/// their producers said, and then what `read_run_trace` reads; it becomes empty
/// without a tracer.
/// @param tracing may be null
/// @param began when they were asked for, by `span_clock`
void begin_runs(const tracer_ptr& tracing, std::vector<job>& claimed,
                int64_t began);

/// Belongs to one DISPATCHER; makes nothing without a tracer. Beginnings are by
/// `span_clock`.
class job_traces {
public:
  job_traces() = default;

  /// @param tracing may be null
  job_traces(tracer_ptr tracing, std::string queue);

  /// A step of the run has ended.
  /// @param problem why it failed; empty: it did not
  void step(const char* name, const job& work, int64_t began,
            const std::string& problem = {}) const;

  /// Redis knows how the run ended.
  void ended(const lease& run, const settlement& how) const;

  /// The run's result is void.
  void voided(const lease& run, const std::string& why) const;

private:
  void add(const lease& run, const char* outcome,
           const std::string& problem) const;

  tracer_ptr tracing_;
  std::string queue_;
};

} // namespace darkroom
