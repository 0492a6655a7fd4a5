/// Jobs that test the queue itself. They need `--diagnostics`.
#pragma once

#include "actors/jobs/job_type.hpp"

namespace darkroom {

/// Returns its data.
outcome run_echo(job_context& context);

/// {ms}: sleeps in four parts with progress 25, 50, 75, 100; returns {slept:
/// ms}.
outcome run_sleep(job_context& context);

/// {failTimes}: fails in its first `failTimes` attempts, then returns {ok:
/// true}.
outcome run_flaky(job_context& context);

/// {message}: fails, and is retried.
outcome run_crash(job_context& context);

/// {message}: fails for good.
outcome run_fatal(job_context& context);

/// {lines}: logs each line; returns {lines: n}.
outcome run_log(job_context& context);

/// {next: {name, data}}: adds that job; returns {id}.
outcome run_chain(job_context& context);

/// Makes this processor's codec process die of SIGSEGV.
outcome run_codec_crash(job_context& context);

/// Makes this processor's codec process burn CPU until its time limit.
outcome run_codec_hang(job_context& context);

} // namespace darkroom
