#include "actors/job_store.hpp"

#include "actors/job_figures.hpp"
#include "actors/job_traces.hpp"
#include "actors/mailbox.hpp"
#include "config/clock.hpp"

#include <caf/sec.hpp>

#include <algorithm>

namespace darkroom {

namespace {

id_list to_list(result<std::vector<std::string>> ids) {
  if (!ids)
    return {ids.error().context, {}};
  return {{}, std::move(*ids)};
}

void count_settled(const metrics_ptr& counted, const store_step& step,
                   const store_reply& reply) {
  auto settled = static_cast<uint8_t>(settle_status::settled);
  for (size_t i = 0; i < std::min(step.settle.size(), reply.statuses.size());
       ++i)
    if (reply.statuses[i] == settled)
      count(counted, counter::jobs_settled,
            {{"outcome", outcome_of(step.settle[i].kind)}});
}

template <class T>
caf::result<T> or_error(result<T> made) {
  if (!made)
    return caf::make_error(caf::sec::runtime_error, made.error().context);
  return std::move(*made);
}

void count_call(const metrics_ptr& counted, const provider_report& x) {
  metrics::labels who{{"provider", x.profile_id}, {"resource", x.resource}};
  auto with = [&who](const char* label, const char* value) {
    auto labels = who;
    labels[label] = value;
    return labels;
  };
  count(counted, counter::provider_calls, with("result", to_string(x.end)));
  if (x.end == call_end::not_made)
    return;
  observe(counted, histogram::provider_seconds, who, x.elapsed_ms / 1000.0);
  count(counted, counter::provider_tokens, with("direction", "in"),
        static_cast<double>(x.tokens_in));
  count(counted, counter::provider_tokens, with("direction", "out"),
        static_cast<double>(x.tokens_out));
  count(counted, counter::provider_cost, who,
        static_cast<double>(x.cost) / 1e6);
}

} // namespace

void job_store_state::tell_limits() {
  if (queue->follow_limits() || !has_told_limits)
    has_told_limits = bool{queue->tell_limits()};
}

store_reply job_store_state::store(const store_step& step,
                                   const metrics_ptr& counted,
                                   const tracer_ptr& tracing) {
  store_reply failed;
  if (auto reached = queue->reach(); !reached) {
    failed.failure = reached.error().context;
    failed.is_unsent = true;
    return failed;
  }
  tell_limits();
  auto began = span_clock();
  auto reply = queue->step(step, wall_clock_ms());
  if (reply) {
    begin_runs(tracing, reply->jobs, began);
    count_settled(counted, step, *reply);
    return std::move(*reply);
  }
  failed.failure = reply.error().context;
  return failed;
}

job_store_actor::behavior_type
job_store(job_store_actor::stateful_pointer<job_store_state> self,
          redis_settings redis, queue_settings queue, queue_context context,
          metrics_ptr counted, tracer_ptr tracing) {
  answer_mailbox(self);
  self->state.queue = std::make_unique<job_queue>(redis, queue, context);
  if (self->state.queue->prepare())
    self->state.tell_limits();
  return {
    [self, counted, tracing](const store_step& step) {
      return self->state.store(step, counted, tracing);
    },
    [self](const renew_leases& x) {
      return to_list(self->state.queue->renew(x, wall_clock_ms()));
    },
    [self](stalled, const renew_leases& x) {
      return to_list(self->state.queue->recover_stalled(wall_clock_ms(), x));
    },
    [self](const return_orphans& x) {
      return to_list(self->state.queue->return_orphans(
        x.token_prefix, x.running, wall_clock_ms()));
    },
    [self, counted](const provider_query& x) -> caf::result<provider_permit> {
      auto permit = self->state.queue->book_call(x, wall_clock_ms());
      if (permit && !permit->answer.empty())
        count(counted, counter::answers_reused, {{"resource", x.resource}});
      return or_error(std::move(permit));
    },
    [self, counted](const provider_report& x) -> caf::result<provider_news> {
      auto news = self->state.queue->report_call(x, wall_clock_ms());
      if (news) // one that failed comes again
        count_call(counted, x);
      return or_error(std::move(news));
    },
    [self](end_rest, const std::string& resource, bool of_providers) {
      return to_list(
        self->state.queue->end_rest(resource, of_providers, wall_clock_ms()));
    },
  };
}

} // namespace darkroom
