#include "actors/job_watcher.hpp"

#include "actors/job_traces.hpp"
#include "actors/mailbox.hpp"
#include "config/clock.hpp"

#include <caf/typed_response_promise.hpp>

namespace darkroom {

namespace {

store_reply failed(const error& reason) {
  store_reply reply;
  reply.failure = reason.context;
  return reply;
}

} // namespace

job_watcher_actor::behavior_type
job_watcher(job_watcher_actor::stateful_pointer<job_watcher_state> self,
            redis_settings redis, queue_settings queue, queue_context context,
            std::shared_ptr<wake_signal> wake, tracer_ptr tracing) {
  answer_mailbox(self);
  queue_keys keys{queue.prefix, queue.name};
  self->state.queue = std::make_unique<job_queue>(
    redis, queue, context, keys.client_name(queue.worker_name));
  // Connects at once, so that getWorkers() lists this worker.
  (void)self->state.queue->prepare();
  return {
    [self, wake, tracing](const watch_request& x) -> caf::result<store_reply> {
      auto& jobs = *self->state.queue;
      auto woken = jobs.wait_for_marker(x.deadline, wall_clock_ms(), *wake);
      if (!woken && woken.error().code == ec::cancelled) {
        wake->clear();
        store_reply nothing; // claims nothing: the slots are needed elsewhere
        nothing.next_due = x.deadline;
        auto promise = self->make_response_promise<store_reply>();
        promise.deliver(std::move(nothing));
        (void)jobs.restore_marker(); // may take seconds
        return promise;
      }
      if (!woken) {
        auto reply = failed(woken.error());
        reply.is_unsent = true;
        return reply;
      }
      store_step claim;
      claim.claim = x.slots;
      claim.token = x.token;
      claim.groups = x.groups;
      auto began = span_clock();
      auto reply = jobs.step(claim, wall_clock_ms());
      if (reply) {
        begin_runs(tracing, reply->jobs, began);
        return std::move(*reply);
      }
      if (*woken)
        (void)jobs.restore_marker(); // so that another worker wakes and claims
      return failed(reply.error());
    },
  };
}

} // namespace darkroom
