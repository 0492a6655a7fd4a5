#include "actors/jobs/job_type.hpp"

#include "actors/jobs/job_tools.hpp"
#include "config/defaults.hpp"
#include "services/redis/job_options.hpp"
#include "services/trace/run_trace.hpp"

#include <exception>

namespace darkroom {

void job_context::progress(int percent) {
  report({work.id, work.token, false, std::to_string(percent), 0});
}

void job_context::log(std::string line) {
  report({work.id, work.token, true, std::move(line), work.options.keep_logs});
}

outcome completed(const job& work, std::string value) {
  outcome out;
  out.job_id = work.id;
  out.token = work.token;
  out.value = std::move(value);
  return out;
}

outcome failed(const job& work, const error& reason) {
  outcome out;
  out.job_id = work.id;
  out.token = work.token;
  out.reason = reason.context;
  out.codec_died = reason.code == ec::codec_crashed
                   || reason.code == ec::codec_timeout;
  if (reason.code == ec::throttled) {
    out.kind = outcome_kind::throttled;
    out.retry_after_ms = reason.retry_after_ms;
  } else {
    out.kind = is_retryable(reason.code) ? outcome_kind::failed
                                         : outcome_kind::refused;
  }
  return out;
}

namespace {

const char* to_string(outcome_kind kind) {
  switch (kind) {
    case outcome_kind::completed:
      return "completed";
    case outcome_kind::failed:
      return "failed";
    case outcome_kind::refused:
      return "refused";
    case outcome_kind::throttled:
      return "throttled";
    case outcome_kind::returned:
      return "returned";
  }
  return "unknown";
}

outcome run_or_refuse(const job_type* type, job_context& context) {
  const auto& work = context.work;
  if (!work.deferred_failure.empty())
    return failed(work, fail(ec::bad_input, work.deferred_failure));
  if (type == nullptr)
    return failed(work, fail(ec::bad_input, "unknown job name \"" + work.name
                                              + "\": no node here runs it"));
  try {
    auto out = type->run(context);
    if (out.kind != outcome_kind::completed && context.control.is_cancelled()) {
      out = failed(work, fail(ec::cancelled, "stopped on request"));
      out.kind = outcome_kind::returned;
    }
    return out;
  } catch (const std::exception& broken) {
    return failed(work, fail(ec::internal,
                             std::string{work.name} + ": " + broken.what()));
  }
}

} // namespace

outcome run_job(const job_type* type, job_context& context) {
  auto trace = read_run_trace(context.work.trace).context;
  auto& span = context.span;
  span = {context.tracing, trace, "run"};
  if (context.desk != nullptr)
    context.desk->span = &span;
  auto out = run_or_refuse(type, context);
  for (auto& x : out.chained)
    x.options = with_trace_carrier(std::move(x.options), write_carrier(trace));
  if (context.tools != nullptr)
    out.reason = context.tools->without_places(std::move(out.reason));
  span.set("darkroom.job.outcome", to_string(out.kind));
  if (out.kind == outcome_kind::failed || out.kind == outcome_kind::refused)
    span.fail(out.reason);
  span.end();
  return out;
}

} // namespace darkroom
