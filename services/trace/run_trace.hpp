/// The trace of one run of a job, as `job::trace` carries it between nodes.
#pragma once

#include "services/trace/trace_context.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// What a main node must know to end the span of a run, even if another one
/// has begun it.
struct run_trace {
  trace_context context;      ///< of the span `process`; none: no trace
  std::string parent_id = {}; ///< of that span's parent; empty: it has none
  int64_t since = 0;          ///< when the job was claimed, ns since the epoch
};

/// Bytes of the longest text that `write_run_trace` makes.
inline constexpr size_t longest_run_trace = 2000;

/// @param text of another node: without a context if it is not sound
run_trace read_run_trace(const std::string& text);

/// A carrier (see `write_carrier`) with the other members.
std::string write_run_trace(const run_trace& run);

} // namespace darkroom
