/// The dispatcher's permits to start jobs.
#include "actors/dispatcher.hpp"
#include "config/defaults.hpp"

#include <algorithm>

namespace darkroom {

void dispatcher_state::ask_permits() {
  if (!budget_.lacks_permits() || permit_asked_ || !may_claim()
      || table_.free_slots() == 0)
    return;
  permit_asked_ = true;
  // No permit is in hand: those that are held are in claims on their way.
  permit_request want{table_.free_slots(), options_.now(), table_.reserved()};
  self_
    ->request(peers_->find<rate_limiter_actor>(role::rate_limiter),
              actor_timeout, want)
    .then(
      [this](const permit& got) {
        permit_asked_ = false;
        budget_.grant(got.granted);
        budget_.limit_until(got.next_at);
        // With neither, the claims on their way pump when they come back.
        if (got.granted > 0 || got.next_at > 0)
          pump();
      },
      [this](caf::error&) {
        permit_asked_ = false;
        pump_in(retry_interval);
      });
}

void dispatcher_state::book_limits(const pending_claim& asked,
                                   const store_reply& reply) {
  last_fetch_ = options_.now();
  auto used = static_cast<uint32_t>(reply.jobs.size());
  // The record in Redis has the time of the claim: with that of its answer, the
  // window would end later by the way there and back.
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

dispatch_status dispatcher_state::look() {
  dispatch_status out;
  out.last_fetch = last_fetch_;
  out.slots = table_.slots();
  if (is_asking())
    out.trouble = trouble_;
  for (const auto& [key, x] : table_.all())
    ++(x.holds_slot ? out.running : out.unsettled);
  return out;
}

job_store_actor dispatcher_state::store() const {
  return peers_->find<job_store_actor>(stores_[1].which);
}

} // namespace darkroom
