#include "services/http/transfer_clock.hpp"

#include <algorithm>

namespace darkroom {

namespace {

/// A client gets `body_timeout` for each piece of this size.
constexpr uint64_t paid_bytes = 65536;

} // namespace

transfer_clock::transfer_clock(const http_settings& settings, time_point now)
  : stall_(settings.body_timeout),
    rate_(std::max<uint64_t>(settings.min_body_rate, 1)),
    start_(now),
    end_(now + settings.max_body_time),
    last_(now) {}

void transfer_clock::moved(uint64_t bytes, time_point now) {
  bytes_ += bytes;
  unpaid_ += bytes;
  if (unpaid_ < paid_bytes)
    return;
  unpaid_ = 0;
  last_ = now;
}

void transfer_clock::waited(std::chrono::steady_clock::duration time) {
  start_ += time;
  last_ += time;
}

transfer_clock::time_point transfer_clock::deadline() const {
  std::chrono::milliseconds earned{bytes_ * 1000 / rate_};
  return std::min({last_ + stall_, start_ + stall_ + earned, end_});
}

} // namespace darkroom
