#include "actors/event_publisher.hpp"

#include "actors/mailbox.hpp"
#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "services/events/event_text.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace darkroom {

namespace {

/// Events that wait for Redis, 300 bytes each.
constexpr size_t max_unsent = 10000;

bool lacks_size(const worker_event& x) {
  return x.kind == event_kind::queued && x.queue_size == 0;
}

} // namespace

void event_publisher_state::init(const publisher_options& options) {
  const auto& [redis, queue, events, kept, counted, others] = options;
  ring_ = std::make_unique<event_ring>(redis, events.channel, kept);
  filter_ = std::make_unique<event_filter>(events, others);
  wait_key_ = queue_keys{queue.prefix, queue.name}.wait();
  queue_ = queue.name;
  channel_ = events.channel;
  counted_ = counted;
}

bool event_publisher_state::publish(const event_batch& batch) {
  std::vector<worker_event> events;
  for (const auto& x : batch.events)
    for (auto& passed : filter_->pass(x))
      events.push_back(std::move(passed));
  add_sizes(events);
  std::vector<std::string> texts;
  texts.reserve(events.size());
  for (const auto& x : events)
    texts.push_back(event_text(x, queue_));
  return send(std::move(texts));
}

bool event_publisher_state::publish(const provider_alert& what) {
  return send({event_text(what, queue_)});
}

/// How many jobs wait, for the events that tell it. Asked once for all: if
/// Redis hangs, each question takes seconds.
void event_publisher_state::add_sizes(std::vector<worker_event>& events) {
  if (std::none_of(events.begin(), events.end(), lacks_size))
    return;
  if (auto answer = ring_->connection().call({"LLEN", wait_key_}))
    waiting_jobs_ = static_cast<uint64_t>(number_of(**answer));
  for (auto& x : events)
    if (lacks_size(x))
      x.queue_size = waiting_jobs_;
}

bool event_publisher_state::send(std::vector<std::string> texts) {
  for (auto i = texts.begin(); i != texts.end();) {
    auto end = i + std::min<ptrdiff_t>(texts.end() - i, event_ring::most_texts);
    unsent_.emplace_back(std::make_move_iterator(i),
                         std::make_move_iterator(end));
    i = end;
  }
  while (!unsent_.empty()) {
    auto sent = send_part(unsent_.front());
    note_sent(sent, unsent_.front().size());
    if (!sent)
      break;
    unsent_.pop_front();
  }
  drop_oldest();
  return !unsent_.empty();
}

void event_publisher_state::note_sent(const status& sent, size_t events) {
  if (!sent && !failed_)
    spdlog::warn("event_publisher keeps events until Redis is back: {}",
                 sent.error().context);
  failed_ = !sent;
  if (sent)
    count(counted_, counter::events_published, {}, static_cast<double>(events));
}

/// Memory is bounded, however long Redis is away.
void event_publisher_state::drop_oldest() {
  size_t events = 0;
  for (const auto& part : unsent_)
    events += part.size();
  while (events > max_unsent) {
    auto lost = unsent_.front().size();
    unsent_.pop_front();
    ring_->give_up();
    events -= lost;
    count(counted_, counter::events_lost, {}, static_cast<double>(lost));
  }
}

status event_publisher_state::send_part(const std::vector<std::string>& texts) {
  auto kept = ring_->publish(texts, wall_clock_ms());
  if (kept || kept.error().code != ec::redis_refused) {
    is_ring_refused_ = false;
    return kept;
  }
  if (!std::exchange(is_ring_refused_, true))
    spdlog::warn("event_publisher cannot keep events for browsers: {}",
                 kept.error().context);
  std::vector<redis_command> commands; // the web tier needs no ring
  commands.reserve(texts.size());
  for (const auto& text : texts)
    commands.push_back({"PUBLISH", channel_, text});
  auto sent = ring_->connection().pipeline(commands);
  if (!sent)
    return std::move(sent.error());
  return ok;
}

event_publisher_actor::behavior_type event_publisher(
  event_publisher_actor::stateful_pointer<event_publisher_state> self,
  const publisher_options& options) {
  answer_mailbox(self);
  self->state.init(options);
  // An empty batch sends what waits.
  auto retry = [self](bool has_more) {
    if (has_more && !std::exchange(self->state.is_retry_due, true))
      self->delayed_send(self, retry_interval, event_batch{});
  };
  return {
    [self, retry](const event_batch& batch) {
      if (batch.events.empty())
        self->state.is_retry_due = false;
      retry(self->state.publish(batch));
    },
    [self, retry](const provider_alert& what) {
      retry(self->state.publish(what));
    },
  };
}

} // namespace darkroom
