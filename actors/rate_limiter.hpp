/// Grants permits to start jobs: at most N in any window of time.
#pragma once

#include "messages/interfaces.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>

namespace darkroom {

/// A sliding window over starts, in ms. It only avoids useless claims and tells
/// when to ask again. The record in Redis decides, because all processes share
/// it and it survives this actor.
class rate_limiter_state {
public:
  static inline const char* name = "rate_limiter";

  /// @param limit  starts per window; 0 = any number
  /// @param window length in ms
  void init(uint32_t limit, int64_t window);

  /// Grants what the window allows at `request.now`. Granted permits count
  /// until they are reported.
  permit take(const permit_request& request);

  /// Counts used permits as starts and frees the others.
  void settle(const permit_report& report);

private:
  void forget(int64_t now);

  uint32_t limit_ = 0;
  int64_t window_ = 0;
  uint32_t granted_ = 0; ///< not yet reported
  int64_t limited_until_ = 0;
  std::deque<int64_t> starts_; ///< times within the window, oldest first
};

rate_limiter_actor::behavior_type
rate_limiter(rate_limiter_actor::stateful_pointer<rate_limiter_state> self,
             uint32_t limit, int64_t window);

} // namespace darkroom
