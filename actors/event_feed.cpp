#include "actors/event_feed.hpp"

#include "actors/mailbox.hpp"
#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "services/random/random_id.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

/// Messages per look at the ring, so that one look serves a burst.
constexpr size_t most_heard = 1000;

/// Larger messages of other programs are no events, and reach no browser: the
/// ring would take the queue's Redis its memory.
constexpr size_t max_message_bytes = 8192;

/// How often the queue is counted, for the first frame of each browser.
constexpr milliseconds count_interval{500};

} // namespace

void event_feed_state::init(const redis_settings& redis,
                            const queue_settings& queue,
                            const std::string& channel, uint32_t length,
                            event_sink sink) {
  sink_ = std::move(sink);
  listener_ = random_id();
  messages_ = std::make_unique<subscription>(redis, channel);
  ring_ = std::make_unique<event_ring>(redis, channel, length);
  queue_ = std::make_unique<job_queue>(redis, queue);
  auto [number, at] = sink_.newest(); // of a feed that was replaced
  ring_->go_on_after(number, at);
}

/// Subscribes. What was heard before is settled first, because afterwards
/// nobody could tell whose it is.
status event_feed_state::open() {
  ring_->doubt();
  if (auto done = settle_heard(); !done)
    return done;
  auto newest = ring_->newest();
  if (!newest)
    return std::move(newest.error());
  if (auto done = messages_->subscribe(); !done)
    return done;
  echo_.listen_after(*newest);
  if (auto done = hand_on(); !done)
    return done;
  sink_.ready();
  return ok;
}

/// Takes the messages that are there, or the next one.
status event_feed_state::listen(milliseconds limit, const wake_signal& wake) {
  while (heard_.size() < most_heard) {
    auto text = messages_->next(heard_.empty() ? limit : milliseconds{0}, wake);
    if (!text)
      return std::move(text.error());
    if (text->empty())
      return ok;
    heard_.push_back(std::move(*text));
  }
  return ok;
}

/// Hands on what the ring has.
status event_feed_state::hand_on() {
  for (auto has_more = true; has_more;) {
    auto news = ring_->next();
    if (!news)
      return std::move(news.error());
    if (news->is_other) {
      echo_.forget();
      heard_.clear();
      sink_.restarted();
    }
    for (const auto& x : news->events) {
      echo_.await(x.number, x.text, x.is_foreign);
      sink_.event(x);
    }
    has_more = news->has_more;
  }
  return ok;
}

status event_feed_state::settle_heard() {
  if (auto done = hand_on(); !done)
    return done;
  std::vector<std::string> foreign;
  for (auto& text : std::exchange(heard_, {}))
    if (!echo_.is_own(text) && text.size() <= max_message_bytes)
      foreign.push_back(std::move(text));
  if (foreign.empty())
    return ok;
  record(std::move(foreign));
  return hand_on();
}

void event_feed_state::record(std::vector<std::string> foreign) {
  status kept = ok;
  for (auto i = foreign.begin(); i != foreign.end();) {
    auto end = i
               + std::min<ptrdiff_t>(foreign.end() - i, event_ring::most_texts);
    auto done = ring_->record(std::vector<std::string>(i, end), wall_clock_ms(),
                              listener_);
    if (!done)
      kept = std::move(done.error());
    i = end;
  }
  if (!kept && !refused_)
    spdlog::warn("event_feed lost up to {} events of other programs: {}",
                 foreign.size(), kept.error().context);
  refused_ = !kept;
  if (!kept)
    sink_.lost();
}

void event_feed_state::count() {
  auto now = std::chrono::steady_clock::now();
  if (now < next_count_)
    return;
  next_count_ = now + count_interval;
  if (auto counts = queue_->counts())
    sink_.counts(*counts);
}

/// Browsers must not wait in silence for a ring that cannot be read.
void event_feed_state::tell_if_refused(const status& opened) {
  auto is_refused = !opened && opened.error().code == ec::redis_refused;
  if (std::exchange(is_unreadable_, is_refused) || !is_refused)
    return;
  spdlog::error("event_feed cannot read events, so that browsers get none: {}",
                opened.error().context);
  sink_.ready();
  sink_.lost();
}

status event_feed_state::step(milliseconds limit, const wake_signal& wake) {
  if (!messages_->is_subscribed()) {
    count(); // before the first browser is served
    auto opened = open();
    tell_if_refused(opened);
    if (!opened)
      return opened;
  }
  auto heard = listen(limit, wake);
  if (!heard && heard.error().code == ec::cancelled)
    return heard;
  auto done = settle_heard();
  count();
  return heard ? done : heard;
}

event_feed_actor::behavior_type
// NOLINTNEXTLINE(readability-function-size): what the actor is spawned with
event_feed(event_feed_actor::stateful_pointer<event_feed_state> self,
           redis_settings redis, queue_settings queue, std::string channel,
           uint32_t length, event_sink sink,
           std::shared_ptr<wake_signal> wake) {
  answer_mailbox(self);
  self->state.init(redis, queue, channel, length, std::move(sink));
  self->send(self, poll_v);
  return {
    [self, wake](poll) {
      if (self->state.step(reader_block, *wake))
        self->send(self, poll_v);
      else
        self->delayed_send(self, retry_interval, poll_v);
    },
  };
}

} // namespace darkroom
