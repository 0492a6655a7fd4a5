/// Reads times that people and programs write.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace darkroom {

/// A time in ms since the epoch: itself, or in UTC "2026-11-29" or
/// "2026-11-29T08:30:00Z". Nothing if the text is none of these.
std::optional<int64_t> read_time(const std::string& text);

} // namespace darkroom
