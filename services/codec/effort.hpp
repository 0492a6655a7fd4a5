/// Chooses the effort of AVIF encoders.
#pragma once

#include "config/settings.hpp"
#include "services/codec/picture.hpp"

#include <cstdint>

namespace darkroom {

/// As sharp's default looks, for a quarter of its time (docs/benchmarks.md).
inline constexpr uint32_t usual_effort = 3;

/// `[imaging] avif_effort`; if that is auto, 1 while a deep backlog waits, 3
/// while any job waits, and 4 if none waits and the picture is small enough for
/// `effort_time`.
/// @param waiting jobs that waited when this one was claimed
uint32_t choose_effort(const imaging_settings& how, const picture_facts& facts,
                       uint32_t waiting);

} // namespace darkroom
