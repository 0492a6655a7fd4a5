/// How much of the machine a node's codec processes and jobs may use, by the
/// settings or, where these say "auto", by what the machine has.
#pragma once

#include "config/settings.hpp"
#include "services/codec/codec_budget.hpp"

#include <cstdint>

namespace darkroom {

/// The predicted peak of a codec process with a usual photograph on two cores,
/// in bytes: the process itself, the three sizes, and two encoders that work on
/// the largest of them. docs/pictures.md has the measurements.
inline constexpr uint64_t usual_picture_bytes = 190u << 20;

/// `[imaging] cores` and `memory_bytes`.
codec_capacity capacity_of(const imaging_settings& imaging);

/// `[worker] concurrency`.
uint32_t slots_of(const settings& config);

/// The slots of a node that has this capacity and leaves their number to us:
/// two per core and one, 3 to 64, but no more than usual photographs fit in its
/// memory.
uint32_t slots_for(const codec_capacity& capacity);

} // namespace darkroom
