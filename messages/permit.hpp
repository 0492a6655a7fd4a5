/// Permits: of the queue's limit, to start jobs; of a resource, to call its
/// provider.
#pragma once

#include <caf/meta/type_name.hpp>

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
  return f(caf::meta::type_name("permit_request"), x.wanted, x.now, x.held);
}

/// A number of starts that the limits allow.
struct permit {
  uint32_t granted = 0;
  /// ms; when none is granted: when to ask again. 0 = once permits that are
  /// held already have been reported.
  int64_t next_at = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, permit& x) {
  return f(caf::meta::type_name("permit"), x.granted, x.next_at);
}

/// What became of granted permits.
struct permit_report {
  uint32_t used = 0;
  uint32_t unused = 0;
  int64_t started = 0;       ///< ms; when the used ones started
  int64_t limited_until = 0; ///< ms; the record in Redis allows none before
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, permit_report& x) {
  return f(caf::meta::type_name("permit_report"), x.used, x.unused, x.started,
           x.limited_until);
}

/// A running job is about to call the provider of a limited resource. Answered
/// with the ms to wait: 0 = now, booked at this very time; else the booked
/// start is given up; -1 = the lease is another's.
struct call_request {
  std::string job_id;
  std::string token;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, call_request& x) {
  return f(caf::meta::type_name("call_request"), x.job_id, x.token);
}

} // namespace darkroom
