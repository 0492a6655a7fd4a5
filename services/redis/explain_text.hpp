/// What a job waits for, in words.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// The answer of explain_job.lua for people: where the job is, what holds it,
/// and when it may start at the earliest (local time).
/// @param now ms since the epoch
/// @returns one sentence per line
std::vector<std::string> explain_text(const std::string& id,
                                      const nlohmann::json& place, int64_t now);

/// "2026-11-23 21:15:04" in the machine's time zone.
std::string local_time(int64_t ms);

/// "820 ms", "12.3 s", "4 min 10 s", "3 h 20 min", "5 d 2 h".
std::string span_text(int64_t ms);

} // namespace darkroom
