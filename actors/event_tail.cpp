#include "actors/event_tail.hpp"

#include "actors/jobs/job_subject.hpp"
#include "actors/mailbox.hpp"
#include "config/clock.hpp"
#include "config/defaults.hpp"

namespace darkroom {

namespace {

worker_event queued_event(const added_job& x) {
  worker_event event;
  event.kind = event_kind::queued;
  event.job_id = x.id;
  event.job_name = x.name;
  event.image_id = subject_of(x.data).image_id;
  event.queue_size = x.waiting;
  event.timestamp = wall_clock_ms();
  return event;
}

} // namespace

event_tail_actor::behavior_type
event_tail(event_tail_actor::stateful_pointer<event_tail_state> self,
           directory_ptr peers, redis_settings redis, queue_settings queue,
           std::shared_ptr<wake_signal> wake) {
  answer_mailbox(self);
  self->state.stream = std::make_unique<event_stream>(redis, queue);
  self->send(self, poll_v);
  return {
    [=](poll) {
      auto added = self->state.stream->next_added(reader_block, *wake);
      if (!added) {
        self->delayed_send(self, retry_interval, poll_v);
        return;
      }
      event_batch batch;
      for (const auto& x : *added)
        batch.events.push_back(queued_event(x));
      if (!batch.events.empty())
        self->send(peers->find<event_publisher_actor>(role::event_publisher),
                   std::move(batch));
      self->send(self, poll_v);
    },
  };
}

} // namespace darkroom
