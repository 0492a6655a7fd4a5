/// When a cron pattern matches next.
#pragma once

#include "services/cron/cron_pattern.hpp"
#include "services/cron/time_zone.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// The first moment after `after` (both ms since the epoch) whose wall clock
/// in `zone` matches.
///
/// Around a change of the clock as cron-parser does it. Clock forward: a time
/// that is left out runs as much later ("30 2" at 3:30), unless the gap begins
/// at midnight. Clock back: a time that comes twice runs once, in the first
/// pass, unless every hour matches.
/// @returns ec::bad_input if it does not match within 50 years
result<int64_t> next_cron(const cron_pattern& pattern, const time_zone& zone,
                          int64_t after);

/// The same for texts.
result<int64_t> next_cron(const std::string& pattern, const std::string& zone,
                          int64_t after);

} // namespace darkroom
