#include "actors/notifier.hpp"

#include "actors/job_failure.hpp"
#include "actors/mailbox.hpp"
#include "config/clock.hpp"
#include "services/redis/explain_text.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

constexpr uint32_t calls_at_once = 10;    // then the mailbox has its turn
constexpr milliseconds first_pause{1000}; // after a failed call
constexpr milliseconds longest_pause{300000};
constexpr milliseconds longest_look{60000}; // other processes note calls, too

milliseconds pause_after(uint32_t attempts) {
  auto doublings = std::min<uint32_t>(attempts - 1, 20);
  return std::min(first_pause * (int64_t{1} << doublings), longest_pause);
}

void log(const provider_alert& x) {
  if (x.profile_id.empty())
    spdlog::warn("the budget {} of today {}", x.resource,
                 x.state == "spent" ? "is used up" : "is used up to 80 %");
  else if (x.state == "resting")
    spdlog::warn("provider {} ({}) rests until {}: {}", x.profile_id,
                 x.resource, local_time(x.until), x.words);
  else
    spdlog::info("provider {} ({}) works again", x.profile_id, x.resource);
}

void show(const metrics_ptr& counted, const provider_alert& x) {
  if (!counted || x.profile_id.empty())
    return;
  metrics::labels who{{"provider", x.profile_id}, {"resource", x.resource}};
  auto rests = x.state == "resting";
  counted->set(gauge::provider_resting, who, rests ? 1 : 0);
  counted->set(gauge::provider_paused_until, who,
               rests ? static_cast<double>(x.until) / 1000 : 0);
}

} // namespace

void notifier_state::init(const redis_settings& redis,
                          const queue_settings& queue,
                          const notify_settings& settings,
                          metrics_ptr counted) {
  settings_ = settings;
  counted_ = std::move(counted);
  if (settings.webhook.empty())
    return;
  hook_ = std::make_unique<webhook>(settings);
  book_ = std::make_unique<webhook_book>(redis, queue);
  look_in(milliseconds{0}); // another process may have left calls
}

void notifier_state::tell(const final_failure& what) {
  spdlog::error("{} failed for good in attempt {}: {}",
                logged_name(what.job_id, what.job_name, what.image_id),
                what.attempts, what.error);
  note(webhook_body(what), hook_ ? book_->trace_of(what.job_id) : "");
}

void notifier_state::tell(const provider_alert& what) {
  log(what);
  show(counted_, what);
  note(webhook_body(what));
}

void notifier_state::tell(const drift_alert& what) {
  note(webhook_body(what)); // who found it has logged it
}

void notifier_state::note(const std::string& body, const std::string& trace) {
  if (!hook_)
    return;
  auto noted = book_->add(body, wall_clock_ms(), trace);
  if (noted) {
    look_in(milliseconds{0});
    return;
  }
  spdlog::warn("notifier could not note a call of the webhook, so it is tried "
               "once: {}",
               noted.error().context);
  auto sent = hook_->send({"unnoted", body, 0, 0, {}, trace}, nullptr);
  count(counted_, sent ? counter::webhooks_sent : counter::webhooks_failed);
}

void notifier_state::call() {
  if (std::chrono::steady_clock::now() < next_look_)
    return;
  // Twice the limit, so that no other process makes the same call meanwhile.
  auto calls = book_->take(calls_at_once, wall_clock_ms(),
                           2 * calls_at_once * settings_.timeout);
  if (calls)
    for (auto& x : *calls)
      try_call(std::move(x));
  auto due = book_->next_due();
  auto wait = longest_look;
  if (due && *due > 0)
    wait = std::clamp(milliseconds{*due - wall_clock_ms()}, milliseconds{0},
                      longest_look);
  look_in(wait);
}

void notifier_state::try_call(webhook_call call) {
  auto sent = hook_->send(call, nullptr);
  count(counted_, sent ? counter::webhooks_sent : counter::webhooks_failed);
  auto noted = [&]() -> status {
    if (sent)
      return book_->settle(call);
    ++call.attempts;
    call.why = sent.error().context;
    if (call.attempts < settings_.attempts)
      return book_->put_off(call, wall_clock_ms()
                                    + pause_after(call.attempts).count());
    spdlog::error("the webhook did not take call {} in {} attempts, so it is "
                  "laid aside (darkroom webhooks): {}",
                  call.id, call.attempts, call.why);
    count(counted_, counter::webhooks_given_up);
    return book_->bury(call, wall_clock_ms());
  }();
  if (!sent && call.attempts == 1)
    spdlog::warn("the webhook did not take call {}: {}", call.id, call.why);
  if (!noted)
    spdlog::warn("notifier could not note what became of call {}: {}", call.id,
                 noted.error().context);
}

void notifier_state::look_in(milliseconds wait) {
  next_look_ = std::chrono::steady_clock::now() + wait;
  self_->delayed_send(self_, wait, poll_v);
}

notifier_actor::behavior_type
notifier(notifier_actor::stateful_pointer<notifier_state> self,
         redis_settings redis, queue_settings queue, notify_settings settings,
         metrics_ptr counted) {
  answer_mailbox(self);
  self->state.init(redis, queue, settings, std::move(counted));
  return {
    [self](const final_failure& what) { self->state.tell(what); },
    [self](const provider_alert& what) { self->state.tell(what); },
    [self](const drift_alert& what) { self->state.tell(what); },
    [self](poll) { self->state.call(); },
  };
}

} // namespace darkroom
