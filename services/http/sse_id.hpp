/// The id of a frame: which events a browser has seen. Internal to
/// services/http.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// On the wire "<ms>-<number>", and "~<number>" for each event that is still
/// owed. It means the same for all main nodes, because numbers and times come
/// from Redis.
struct sse_id {
  int64_t at = 0;      ///< ms, when event `number` was kept; 0 before the first
  uint64_t number = 0; ///< the browser has seen the events up to this one …
  std::vector<uint64_t> owed; ///< … but for these: progress that was held back

  bool operator==(const sse_id&) const = default;
};

/// The most events that an id names as owed.
inline constexpr size_t most_owed = 32;

std::string to_text(const sse_id& id);

/// @returns nothing if it is not the id of a frame
std::optional<sse_id> parse_sse_id(std::string_view text);

} // namespace darkroom
