/// Limits the time of a body. Internal to services/http.
#pragma once

#include "config/settings.hpp"

#include <chrono>
#include <cstdint>

namespace darkroom {

/// The deadline of a body that we receive or send. It is the earliest of:
///
///   - the last 64 KB (or the start) plus `body_timeout`: must not stand still
///   - the start plus `body_timeout` plus the time that the moved bytes take at
///     `min_body_rate`: must not trickle
///   - the start plus `max_body_time`: must end
class transfer_clock {
public:
  using time_point = std::chrono::steady_clock::time_point;

  transfer_clock() = default;
  transfer_clock(const http_settings& settings, time_point now);

  /// This many bytes have moved.
  void moved(uint64_t bytes, time_point now);

  /// We were busy for this long and did not ask for more bytes.
  void waited(std::chrono::steady_clock::duration time);

  time_point deadline() const;

private:
  std::chrono::milliseconds stall_{0};
  uint64_t rate_ = 1; ///< bytes per second
  time_point start_;
  time_point end_;
  time_point last_; ///< when the latest whole 64 KB had moved
  uint64_t bytes_ = 0;
  uint64_t unpaid_ = 0; ///< bytes since `last_`
};

} // namespace darkroom
