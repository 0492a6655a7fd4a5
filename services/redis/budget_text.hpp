/// The budget of a day as the scripts read it.
#pragma once

#include "config/queue_context.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// The day of a time, in UTC: "2026-11-29".
std::string day_of(int64_t ms);

/// When that day begins, ms since the epoch.
int64_t begin_of_day(int64_t ms);

/// When that day ends, ms since the epoch.
int64_t end_of_day(int64_t ms);

/// JSON {"day", "ends", "local", "most": {scope: [requests, tokens, millionths
/// of money]}}, with the scopes "vision", "embedding" and "total".
/// @param now ms since the epoch
std::string budget_text(const call_budget& budget, int64_t now);

} // namespace darkroom
