#include "actors/event_publisher.hpp"

#include "actors/mailbox.hpp"
#include "services/events/event_text.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

bool lacks_size(const worker_event& x) {
  return x.kind == event_kind::queued && x.queue_size == 0;
}

} // namespace

void event_publisher_state::init(const redis_settings& redis,
                                 const queue_settings& queue,
                                 const event_settings& events,
                                 metrics_ptr counted) {
  redis_ = std::make_unique<redis_connection>(redis);
  filter_ = std::make_unique<event_filter>(events);
  wait_key_ = queue_keys{queue.prefix, queue.name}.wait();
  queue_ = queue.name;
  channel_ = events.channel;
  counted_ = std::move(counted);
}

void event_publisher_state::publish(const event_batch& batch) {
  std::vector<worker_event> events;
  for (const auto& x : batch.events)
    for (auto& passed : filter_->pass(x))
      events.push_back(std::move(passed));
  if (events.empty())
    return;
  auto size = events.size();
  note_sent(send(std::move(events)), size);
}

void event_publisher_state::publish(const provider_alert& what) {
  note_sent(send_texts({event_text(what, queue_)}), 1);
}

void event_publisher_state::note_sent(const status& sent, size_t events) {
  if (!sent && !failed_)
    spdlog::warn("event_publisher lost {} events: {}", events,
                 sent.error().context);
  failed_ = !sent;
  count(counted_, sent ? counter::events_published : counter::events_lost, {},
        static_cast<double>(events));
}

status event_publisher_state::send(std::vector<worker_event> events) {
  if (std::any_of(events.begin(), events.end(), lacks_size)) {
    // Asked once for all events: if Redis hangs, each question takes seconds.
    auto waiting = redis_->call({"LLEN", wait_key_});
    if (!waiting)
      return std::move(waiting.error());
    auto size = static_cast<uint64_t>(number_of(**waiting));
    for (auto& x : events)
      if (lacks_size(x))
        x.queue_size = size;
  }
  std::vector<std::string> texts;
  texts.reserve(events.size());
  for (const auto& x : events)
    texts.push_back(event_text(x, queue_));
  return send_texts(texts);
}

status
event_publisher_state::send_texts(const std::vector<std::string>& texts) {
  std::vector<redis_command> commands;
  commands.reserve(texts.size());
  for (const auto& text : texts)
    commands.push_back({"PUBLISH", channel_, text});
  auto sent = redis_->pipeline(commands);
  if (!sent)
    return std::move(sent.error());
  return ok;
}

event_publisher_actor::behavior_type event_publisher(
  event_publisher_actor::stateful_pointer<event_publisher_state> self,
  redis_settings redis, queue_settings queue, event_settings events,
  metrics_ptr counted) {
  answer_mailbox(self);
  self->state.init(redis, queue, events, std::move(counted));
  return {
    [self](const event_batch& batch) { self->state.publish(batch); },
    [self](const provider_alert& what) { self->state.publish(what); },
  };
}

} // namespace darkroom
