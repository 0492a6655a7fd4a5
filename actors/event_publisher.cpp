#include "actors/event_publisher.hpp"

#include "services/events/event_text.hpp"

#include <spdlog/spdlog.h>

#include <optional>

namespace darkroom {

void event_publisher_state::init(const redis_settings& redis,
                                 const queue_settings& queue,
                                 const event_settings& events) {
  redis_ = std::make_unique<redis_connection>(redis);
  filter_ = std::make_unique<event_filter>(events);
  wait_key_ = queue_keys{queue.prefix, queue.name}.wait();
  queue_ = queue.name;
  channel_ = events.channel;
}

uint64_t event_publisher_state::waiting_jobs() {
  auto reply = redis_->call({"LLEN", wait_key_});
  return reply ? static_cast<uint64_t>(number_of(**reply)) : 0;
}

void event_publisher_state::publish(const event_batch& batch) {
  std::vector<std::string> texts;
  std::optional<uint64_t> waiting; // one look a batch
  for (const auto& x : batch.events) {
    for (auto& passed : filter_->pass(x)) {
      if (passed.kind == event_kind::queued && passed.queue_size == 0) {
        if (!waiting)
          waiting = waiting_jobs();
        passed.queue_size = *waiting;
      }
      texts.push_back(event_text(passed, queue_));
    }
  }
  std::vector<redis_command> commands;
  for (const auto& text : texts)
    commands.push_back({"PUBLISH", channel_, text});
  if (commands.empty())
    return;
  auto sent = redis_->pipeline(commands);
  if (!sent && !failed_)
    spdlog::warn("event_publisher lost {} events: {}", texts.size(),
                 sent.error().context);
  failed_ = !sent;
}

event_publisher_actor::behavior_type event_publisher(
  event_publisher_actor::stateful_pointer<event_publisher_state> self,
  redis_settings redis, queue_settings queue, event_settings events) {
  self->state.init(redis, queue, events);
  return {
    [self](const event_batch& batch) { self->state.publish(batch); },
  };
}

} // namespace darkroom
