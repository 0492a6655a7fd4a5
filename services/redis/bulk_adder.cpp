#include "services/redis/bulk_adder.hpp"

#include "config/clock.hpp"

namespace darkroom {

namespace {

/// Jobs per script call, which blocks Redis for about 2 ms.
constexpr size_t batch_jobs = 200;

/// Enough to keep Redis busy while this process writes the next batch.
constexpr size_t most_on_their_way = 4;

} // namespace

status bulk_adder::add(new_job job) {
  batch_.push_back(std::move(job));
  return batch_.size() < batch_jobs ? ok : send();
}

status bulk_adder::send() {
  if (on_their_way_ == most_on_their_way) {
    auto confirmed = confirm();
    if (!confirmed)
      return confirmed;
  }
  auto sent = queue_.send_add(batch_, wall_clock_ms());
  if (!sent)
    return sent;
  ++on_their_way_;
  batch_.clear();
  return ok;
}

status bulk_adder::confirm() {
  auto ids = queue_.receive_ids();
  if (!ids)
    return std::move(ids.error());
  --on_their_way_;
  if (ids->empty())
    return ok;
  if (report_.added == 0)
    report_.first_id = ids->front();
  report_.last_id = ids->back();
  report_.added += ids->size();
  report_.existed += queue_.existed();
  return ok;
}

status bulk_adder::finish() {
  if (!batch_.empty()) {
    auto sent = send();
    if (!sent)
      return sent;
  }
  while (on_their_way_ > 0) {
    auto confirmed = confirm();
    if (!confirmed)
      return confirmed;
  }
  return ok;
}

} // namespace darkroom
