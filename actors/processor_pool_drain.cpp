/// The pool's drain: running jobs finish or go back.
#include "actors/processor_pool.hpp"
#include "config/defaults.hpp"

namespace darkroom {

caf::result<drain_report> processor_pool_state::drain(int64_t grace_ms) {
  drained_ = self_->make_response_promise<drain_report>();
  draining_ = true;
  if (dispatcher_)
    offer_slots();
  self_->delayed_send(self_, std::chrono::milliseconds{grace_ms}, overdue_v);
  finish_drain();
  return drained_;
}

void processor_pool_state::cancel_rest() {
  report_.handed_back = static_cast<uint32_t>(running_.size());
  for (auto& x : workers_)
    x.control->cancel();
  if (dispatcher_) { // then the cancelled jobs' outcomes end the drain
    finish_drain();
    return;
  }
  report_.handed_back += static_cast<uint32_t>(unsettled_.size());
  report_.stranded = report_.handed_back;
  if (drained_.pending())
    drained_.deliver(report_);
}

void processor_pool_state::finish_drain() {
  if (!draining_ || !running_.empty() || !drained_.pending())
    return;
  if (!dispatcher_) {
    if (unsettled_.empty())
      drained_.deliver(report_);
    return;
  }
  // The answer shows that all earlier outcomes have arrived.
  self_
    ->request(dispatcher_, actor_timeout,
              pool_hello{options_.node, 0, {}, options_.job_types})
    .then([this](uint32_t) { end_drain(); },
          [this](caf::error&) { end_drain(); });
}

void processor_pool_state::end_drain() {
  if (drained_.pending())
    drained_.deliver(report_);
}

} // namespace darkroom
