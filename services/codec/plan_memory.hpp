/// Predicts how much memory the files of a picture take while they are encoded.
#pragma once

#include "services/codec/variant_plan.hpp"

#include <cstdint>

namespace darkroom {

/// The pixels of all sizes and the encoders that run at once, in bytes.
/// docs/pictures.md has the measurements.
/// @param encoders that may run at once: the largest count
uint64_t memory_of(const std::vector<planned_file>& plan,
                   const picture_facts& facts, uint32_t encoders);

} // namespace darkroom
