/// Reads and writes the `opts` field of a BullMQ job.
#pragma once

#include "config/settings.hpp"
#include "messages/job.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom {

/// The last priority: such a job runs when no other job waits, and does not
/// count in `job::waiting`. lib_queue.lua has the same number.
inline constexpr uint32_t background_priority = 2097151;

/// Reads the options that a worker obeys. A malformed option counts as absent:
/// a producer's mistake must not keep the job from running.
job_options parse_job_options(std::string_view json);

/// The options of jobs that Darkroom itself adds, as JSON.
std::string default_job_options(const job_settings& settings);

/// What the options say about the trace that the job belongs to, for
/// `read_carrier`; empty if they say nothing.
std::string trace_carrier(std::string_view json);

/// Options as JSON, with a carrier for the job's trace. Nothing changes if the
/// carrier is empty.
std::string with_trace_carrier(std::string json, const std::string& carrier);

} // namespace darkroom
