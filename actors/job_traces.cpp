#include "actors/job_traces.hpp"

#include "actors/job_figures.hpp"
#include "services/trace/run_trace.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

constexpr int64_t ns_per_ms = 1000000;

/// The trace of a run whose producer has said `carrier`.
run_trace begin_run(const tracer& tracing, const std::string& carrier) {
  run_trace out;
  out.context = read_carrier(carrier);
  if (!out.context)
    out.context = tracing.begin();
  out.parent_id = std::exchange(out.context.span_id, random_span_id());
  return out;
}

/// A span below that of the run, which ends now.
span step_of(const run_trace& run, const char* name, int64_t began) {
  span out;
  out.name = name;
  out.context = run.context;
  out.parent_id = std::exchange(out.context.span_id, random_span_id());
  out.began = began;
  out.ended = span_clock();
  return out;
}

/// How long the job waited for its first run, ms.
int64_t wait_of(const job& work, int64_t since) {
  auto ready = work.timestamp + work.options.delay_ms;
  return std::max<int64_t>(since / ns_per_ms - ready, 0);
}

} // namespace

void begin_runs(const tracer_ptr& tracing, std::vector<job>& claimed,
                int64_t began) {
  for (auto& x : claimed) {
    if (!tracing) {
      x.trace.clear();
      continue;
    }
    auto run = begin_run(*tracing, x.trace);
    run.since = began;
    if (run.context.is_sampled)
      tracing->add(step_of(run, "claim", began));
    x.trace = write_run_trace(run);
  }
}

job_traces::job_traces(tracer_ptr tracing, std::string queue)
  : tracing_(std::move(tracing)),
    queue_(std::move(queue)) {}

void job_traces::step(const char* name, const job& work, int64_t began,
                      const std::string& problem) const {
  if (!tracing_)
    return;
  auto run = read_run_trace(work.trace);
  if (!run.context.is_sampled)
    return;
  auto made = step_of(run, name, began);
  made.problem = problem;
  tracing_->add(std::move(made));
}

void job_traces::ended(const lease& run, const settlement& how) const {
  auto has_failed = how.kind == settle_kind::fail
                    || how.kind == settle_kind::retry_later
                    || how.kind == settle_kind::retry_now;
  auto why = how.value.empty() ? "failed" : how.value;
  add(run, outcome_of(how.kind), has_failed ? why : std::string{});
}

void job_traces::voided(const lease& run, const std::string& why) const {
  add(run, "void", why);
}

void job_traces::add(const lease& run, const char* outcome,
                     const std::string& problem) const {
  if (!tracing_)
    return;
  const auto& work = run.work;
  auto known = read_run_trace(work.trace);
  if (!known.context.is_sampled)
    return;
  span out{"process " + work.name,
           span_kind::consumer,
           known.context,
           known.parent_id,
           known.since,
           span_clock(),
           {{"messaging.system", "bullmq"},
            {"messaging.operation.name", "process"},
            {"messaging.operation.type", "process"},
            {"messaging.destination.name", queue_},
            {"messaging.message.id", work.id},
            {"bullmq.job.name", work.name},
            {"darkroom.job.attempt", int64_t{work.attempts_made} + 1},
            {"darkroom.job.outcome", outcome}},
           problem};
  if (work.attempt == 1)
    out.attributes.emplace_back("darkroom.job.wait_ms",
                                wait_of(work, known.since));
  if (!run.image_id.empty())
    out.attributes.emplace_back("darkroom.image.id", run.image_id);
  tracing_->add(std::move(out));
}

} // namespace darkroom
