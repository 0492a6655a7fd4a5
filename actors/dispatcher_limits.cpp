/// The dispatcher's permits to start jobs, and its reports about its work.
#include "actors/dispatcher.hpp"
#include "config/defaults.hpp"

#include <spdlog/spdlog.h>

namespace darkroom {

void dispatcher_state::ask_permits() {
  if (!budget_.lacks_permits() || is_asking_permits_ || !may_claim()
      || table_.free_slots() == 0)
    return;
  is_asking_permits_ = true;
  // No permit is left: those that are held belong to claims without an answer.
  permit_request want{table_.free_slots(), options_.now(), table_.reserved()};
  self_
    ->request(peers_->find<rate_limiter_actor>(role::rate_limiter),
              actor_timeout, want)
    .then(
      [this](const permit& got) {
        is_asking_permits_ = false;
        budget_.grant(got.granted);
        budget_.limit_until(got.next_at);
        // Otherwise the next answer to a claim pumps.
        if (got.granted > 0 || got.next_at > 0)
          pump();
      },
      [this](caf::error&) {
        is_asking_permits_ = false;
        pump_in(retry_interval);
      });
}

void dispatcher_state::report_claim(const pending_claim& asked,
                                    const store_reply& reply) {
  last_fetch_ = options_.now();
  auto used = static_cast<uint32_t>(reply.jobs.size());
  // Redis records the time of the claim. With the time of the answer, the
  // limiter's window would end later than the one in Redis.
  auto started = asked.sent > 0 ? asked.sent : last_fetch_;
  report_permits(used, asked.wanted - used, reply.limited_until, started);
}

void dispatcher_state::report_permits(uint32_t used, uint32_t unused,
                                      int64_t limited_until, int64_t started) {
  if (options_.queue.limit_max == 0)
    return;
  self_->send(peers_->find<rate_limiter_actor>(role::rate_limiter),
              permit_report{used, unused, started, limited_until});
}

void dispatcher_state::note_trouble(const std::string& failure) {
  auto is_over = failure.empty() && !trouble_.empty();
  trouble_ = failure;
  if (failure.empty())
    logged_troubles_.clear();
  else if (logged_troubles_.insert(failure).second) // tried 10 times per second
    spdlog::warn("dispatcher waits for Redis: {}", failure);
  // Locks may have expired meanwhile. And a replica that is the master now may
  // not know that we took some of the jobs: their runs are void, and end.
  if (is_over)
    renew_now();
}

bool dispatcher_state::is_asking() const {
  auto is_limited = budget_.is_limited(options_.now());
  return is_watching_ || (pump_at_ && !is_limited) || budget_.pending() > 0
         || is_reap_wanted_ || is_reaping_ || !endings_.empty()
         || std::any_of(std::begin(stores_), std::end(stores_),
                        [](const auto& x) { return x.is_busy; });
}

dispatch_status dispatcher_state::look() {
  dispatch_status out;
  out.last_fetch = last_fetch_;
  out.slots = table_.slots();
  if (is_asking())
    out.trouble = trouble_;
  for (const auto& [key, x] : table_.all()) {
    ++(x.holds_slot ? out.running : out.unsettled);
    if (x.holds_slot && (out.oldest_start == 0 || x.started < out.oldest_start))
      out.oldest_start = x.started;
  }
  return out;
}

} // namespace darkroom
