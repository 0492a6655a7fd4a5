/// Jobs that test the queue itself, behind `--diagnostics`.
#pragma once

#include "actors/jobs/job_type.hpp"

namespace darkroom {

/// Returns its data.
outcome run_echo(job_context& context);

/// {ms}: sleeps in four parts with progress 25, 50, 75, 100; {slept: ms}.
outcome run_sleep(job_context& context);

/// {failTimes}: fails while fewer attempts were made, then {ok: true}.
outcome run_flaky(job_context& context);

/// {message}: fails; retried.
outcome run_crash(job_context& context);

/// {message}: fails for good.
outcome run_fatal(job_context& context);

/// {lines}: logs each; {lines: n}.
outcome run_log(job_context& context);

/// {next: {name, data}}: adds that job; {id}.
outcome run_chain(job_context& context);

/// Makes this processor's codec process die of SIGSEGV.
outcome run_codec_crash(job_context& context);

/// Makes this processor's codec process burn CPU until its time limit.
outcome run_codec_hang(job_context& context);

} // namespace darkroom
