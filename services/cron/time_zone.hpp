/// Time zones of the system's tz database.
#pragma once

#include "messages/result.hpp"

#include <chrono>
#include <string>

namespace darkroom {

/// A period in which a zone keeps one offset from UTC.
struct zone_span {
  std::chrono::sys_seconds begin;
  std::chrono::sys_seconds end; ///< the first moment after it
  std::chrono::seconds offset;  ///< local time minus UTC
};

/// Refers to a zone; cheap to copy. Thread-safe.
class time_zone {
public:
  /// @param name "Europe/Berlin", "UTC+3" or "UTC-5:30"; if empty, the zone in
  ///   the variable TZ, else the machine's zone, else UTC
  /// @returns ec::bad_input if there is no such zone
  static result<time_zone> find(const std::string& name);

  zone_span span_at(std::chrono::sys_seconds moment) const;

private:
  const void* zone_ = nullptr;     ///< a date::time_zone, which never ends
  std::chrono::seconds offset_{0}; ///< used if `zone_` is null
};

} // namespace darkroom
