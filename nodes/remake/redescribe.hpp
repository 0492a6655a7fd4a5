/// Pictures that a lower provider of [[vision.providers]] described, and that
/// the first one shall describe again.
#pragma once

#include "config/settings.hpp"
#include "nodes/remake/remake.hpp"

#include <cstdint>

namespace darkroom {

/// How many pictures may be described again now: 0 while the first provider
/// rests, and 1 as long as nobody knows whether it works. With more, lower
/// providers would describe the others meanwhile.
/// @returns the errors of Redis
result<uint64_t> most_redescribed(const settings& config);

/// Adds jobs for at most so many of the pictures.
/// @returns the errors of Redis and of the catalog
result<remake_count> redescribe(const settings& config, uint64_t most);

/// For a main node that does it by itself: at most 100 at a time, when no job
/// waits and less than 80 % of the day's budget is used. So if the first
/// provider stops working, lower ones describe few pictures once more.
/// @returns the same errors
status redescribe_if_possible(const settings& config);

} // namespace darkroom
