/// Time zones of the system's tz database.
#pragma once

#include "messages/result.hpp"

#include <chrono>
#include <string>

namespace darkroom {

/// A stretch of time in which a zone keeps one offset from UTC.
struct zone_span {
  std::chrono::sys_seconds begin;
  std::chrono::sys_seconds end; ///< the first moment after it
  std::chrono::seconds offset;  ///< local time minus UTC
};

/// A copyable name of a zone. Thread-safe.
class time_zone {
public:
  /// @param name "Europe/Berlin"; "UTC+3", "UTC-5:30"; empty: the zone that
  ///             the variable TZ names, else the machine's, else UTC
  /// @returns ec::bad_input if there is no such zone
  static result<time_zone> find(const std::string& name);

  zone_span span_at(std::chrono::sys_seconds moment) const;

private:
  const void* zone_ = nullptr;     ///< date::time_zone; lives as long as we do
  std::chrono::seconds offset_{0}; ///< without a zone
};

} // namespace darkroom
