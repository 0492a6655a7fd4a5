/// When a cron pattern matches next.
#pragma once

#include "services/cron/cron_pattern.hpp"
#include "services/cron/time_zone.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// The first moment after `after` whose wall clock in `zone` matches. Both are
/// ms since the epoch.
///
/// Changes of the clock are handled like in cron-parser. When the clock goes
/// forward, a skipped time runs later by the length of the gap ("30 2" at
/// 3:30), unless the gap begins at midnight. When it goes back, a time that
/// comes twice runs only in the first pass, unless every hour matches.
/// @returns ec::bad_input if the pattern does not match within 50 years
result<int64_t> next_cron(const cron_pattern& pattern, const time_zone& zone,
                          int64_t after);

/// The same, for a pattern and a zone given as texts.
result<int64_t> next_cron(const std::string& pattern, const std::string& zone,
                          int64_t after);

} // namespace darkroom
