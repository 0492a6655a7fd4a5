/// Permits to start jobs, from the queue's limit, and permits to call a
/// provider, from its resource's limit.
#pragma once

#include "messages/versioned.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// Asks for permits to start jobs.
struct permit_request {
  uint32_t wanted = 0;
  int64_t now = 0;   ///< ms
  uint32_t held = 0; ///< granted earlier, not yet reported
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, permit_request& x) {
  return versioned(f, "permit_request", x, x.wanted, x.now, x.held);
}

/// How many starts the limits allow.
struct permit {
  uint32_t granted = 0;
  /// If none is granted: when to ask again, in ms. 0 = after the permits that
  /// are already held have been reported.
  int64_t next_at = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, permit& x) {
  return versioned(f, "permit", x, x.granted, x.next_at);
}

/// What became of granted permits.
struct permit_report {
  uint32_t used = 0;
  uint32_t unused = 0;
  int64_t started = 0;       ///< ms; when the jobs started
  int64_t limited_until = 0; ///< ms; Redis allows no start before
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, permit_report& x) {
  return versioned(f, "permit_report", x, x.used, x.unused, x.started,
                   x.limited_until);
}

} // namespace darkroom
