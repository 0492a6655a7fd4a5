/// Finds pictures that look the same, by their perceptual hashes.
#pragma once

#include "services/catalog/search_record.hpp"

#include <cstdint>
#include <vector>

namespace darkroom {

/// Bits of 64 in which the hashes of two duplicates may differ.
///
/// Measured on 62 drawn pictures (tests/cluster/search.test.mjs): encoded again
/// with quality 40, at half the size or 15 % brighter, they differ in at most 6
/// bits; cropped by 2 % at each edge in 8, by 3 % in 10 (two of them in 16).
/// Different pictures differ in 18 or more, in 32 on average.
inline constexpr uint32_t usual_distance = 10;

/// The largest distance that can be asked for. It finds more crops, and among
/// many pictures the first that only have the same layout.
inline constexpr uint32_t longest_distance = 15;

/// A picture of a group.
struct duplicate_picture {
  size_t index = 0;      ///< in the pictures that were given
  uint32_t distance = 0; ///< bits in which it differs from the group's first
};

using duplicate_group = std::vector<duplicate_picture>;

/// Groups of at least two pictures. Each picture of a group is a duplicate of
/// another one of it. Groups and the pictures in them keep the order of
/// `pictures`.
///
/// A plain picture has nearly no bits. It is only a duplicate of those with
/// nearly the same dominant colour.
///
/// Takes about a second for 100,000 pictures.
std::vector<duplicate_group>
find_duplicates(const std::vector<hashed_image>& pictures, uint32_t distance);

} // namespace darkroom
