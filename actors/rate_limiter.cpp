#include "actors/rate_limiter.hpp"

#include "actors/mailbox.hpp"

#include <algorithm>

namespace darkroom {

void rate_limiter_state::init(uint32_t limit, int64_t window) {
  limit_ = limit;
  window_ = window;
}

void rate_limiter_state::forget(int64_t now) {
  // A start exactly one window ago no longer counts, like in lib_claim.lua.
  while (!starts_.empty() && starts_.front() <= now - window_)
    starts_.pop_front();
}

permit rate_limiter_state::take(const permit_request& request) {
  if (limit_ == 0)
    return {request.wanted, 0};
  if (request.now < limited_until_)
    return {0, limited_until_};
  forget(request.now);
  granted_ = request.held; // drops those of a dead dispatcher
  auto used = static_cast<uint32_t>(starts_.size()) + granted_;
  if (used < limit_) {
    auto granted = std::min(request.wanted, limit_ - used);
    granted_ += granted;
    return {granted, 0};
  }
  // Some of the held permits may come back unused.
  if (starts_.size() < limit_)
    return {0, 0};
  return {0, starts_.front() + window_};
}

void rate_limiter_state::settle(const permit_report& report) {
  granted_ -= std::min(granted_, report.used + report.unused);
  for (uint32_t i = 0; i < report.used; ++i)
    starts_.push_back(report.started);
  limited_until_ = std::max(limited_until_, report.limited_until);
}

rate_limiter_actor::behavior_type
rate_limiter(rate_limiter_actor::stateful_pointer<rate_limiter_state> self,
             uint32_t limit, int64_t window) {
  answer_mailbox(self);
  self->state.init(limit, window);
  return {
    [self](const permit_request& request) { return self->state.take(request); },
    [self](const permit_report& report) { self->state.settle(report); },
  };
}

} // namespace darkroom
