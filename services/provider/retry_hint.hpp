/// When a provider wants to be asked again.
#pragma once

#include "services/provider/provider_refusal.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// The longest time that a provider can stop its resource; then it is asked.
constexpr int64_t max_hint_ms = 900000; // 15 min

/// The length of time at the beginning of a text: "6m0s", "1h2m", "20ms",
/// "1.5 seconds", "34s". A number without a unit is in seconds.
/// @returns ms, or -1 if there is none
int64_t parse_duration(const std::string& text);

/// ms until the time that a header or a field names: a length of time as above,
/// an HTTP or ISO 8601 date, or seconds or ms since the epoch.
/// @param now ms since the epoch
/// @returns -1 if the text names none; a time that is over is 0
int64_t parse_reset(const std::string& text, int64_t now);

/// ms that the provider asks to wait, by its headers, else by the fields of its
/// error, else by its words; 0 if it does not say. At least 200 ms (1 s for a
/// time that is over), at most max_hint_ms.
/// @param now ms since the epoch
int64_t retry_hint(const http_answer& answer, const provider_refusal& refusal,
                   int64_t now);

/// A hint and up to a tenth more, so that not all callers come back at once.
/// @param random 0 to 1
int64_t with_jitter(int64_t hint_ms, double random);

} // namespace darkroom
