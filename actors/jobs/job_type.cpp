#include "actors/jobs/job_type.hpp"

#include "actors/jobs/job_tools.hpp"
#include "config/defaults.hpp"

#include <exception>

namespace darkroom {

namespace {

/// How long a call that is too late for its booked start waits in its slot.
/// Without this wait, jobs whose preparation takes longer than the limit's
/// window would give up their starts in turn, forever.
constexpr std::chrono::milliseconds call_patience{10000};

} // namespace

void job_context::progress(int percent) {
  report({work.id, work.token, false, std::to_string(percent), 0});
}

void job_context::log(std::string line) {
  report({work.id, work.token, true, std::move(line), work.options.keep_logs});
}

status job_context::start_call(std::chrono::milliseconds slack) {
  if (!work.is_limited)
    return ok;
  while (!control.is_cancelled()) {
    auto asked = std::chrono::steady_clock::now();
    auto wait = book_call();
    if (!wait) {
      control.sleep_for(retry_interval);
      continue;
    }
    if (*wait < 0)
      return fail(ec::fenced, "the lease of this job is another's");
    if (*wait > call_patience.count())
      return error{ec::throttled, "it came too late for its booked start",
                   *wait};
    if (*wait > 0) {
      control.sleep_for(std::chrono::milliseconds{*wait});
      continue;
    }
    // An answer that took too long does not say anything about now.
    if (std::chrono::steady_clock::now() - asked <= slack)
      return ok;
    control.sleep_for(retry_interval);
  }
  return fail(ec::cancelled, "stopped on request");
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
  auto out = run_or_refuse(type, context);
  if (context.tools != nullptr)
    out.reason = context.tools->without_places(std::move(out.reason));
  return out;
}

} // namespace darkroom
