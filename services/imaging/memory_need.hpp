/// Predicts how much memory a picture takes, before any pixel is decoded.
#pragma once

#include "services/imaging/vips_image.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// The peak of a codec process that decodes this picture, in bytes, without
/// its encoders (`memory_of`). docs/pictures.md has the measurements behind it.
/// @param format as in picture_facts
/// @param size of the encoded file, in bytes
uint64_t memory_need(const image& header, const std::string& format,
                     uint64_t size);

} // namespace darkroom
