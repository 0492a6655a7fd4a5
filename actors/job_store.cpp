#include "actors/job_store.hpp"

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

const char* outcome_of(settle_kind kind) {
  switch (kind) {
    case settle_kind::complete:
      return "completed";
    case settle_kind::fail:
      return "failed";
    case settle_kind::retry_later:
    case settle_kind::retry_now:
      return "retried";
    case settle_kind::postpone:
      return "postponed";
    case settle_kind::give_back:
      return "returned";
  }
  return "unknown";
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

} // namespace

job_store_actor::behavior_type
job_store(job_store_actor::stateful_pointer<job_store_state> self,
          redis_settings redis, queue_settings queue, queue_context context,
          metrics_ptr counted) {
  answer_mailbox(self);
  self->state.queue = std::make_unique<job_queue>(redis, queue, context);
  (void)self->state.queue->prepare();
  return {
    [self, counted](const store_step& step) {
      auto& queue = *self->state.queue;
      store_reply failed;
      if (auto reached = queue.reach(); !reached) {
        failed.failure = reached.error().context;
        failed.is_unsent = true;
        return failed;
      }
      auto reply = queue.step(step, wall_clock_ms());
      if (reply) {
        count_settled(counted, step, *reply);
        return std::move(*reply);
      }
      failed.failure = reply.error().context;
      return failed;
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
    [self](const call_request& x) -> caf::result<int64_t> {
      auto wait = self->state.queue->book_call(x, wall_clock_ms());
      if (!wait)
        return caf::make_error(caf::sec::runtime_error, wait.error().context);
      return *wait;
    },
  };
}

} // namespace darkroom
