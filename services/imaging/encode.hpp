/// Encodes pixels that load_shrunk made. No metadata is written.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/codec/picture.hpp"
#include "services/imaging/vips_image.hpp"

#include <string>

namespace darkroom {

/// The longest edge that WebP can have; AVIF files get the same limit.
inline constexpr uint32_t max_encoded_edge = 16383;

/// @returns the file, or ec::internal if the encoder refuses.
result<std::string> encode_webp(const image& from, const imaging_settings& how);
result<std::string> encode_avif(const image& from, const imaging_settings& how);

/// JPEG without alpha: transparent areas become white.
result<std::string> encode_jpeg(const image& from);

/// sRGB pixels without alpha: transparent areas become white.
result<raw_picture> raw_rgb(const image& from);

} // namespace darkroom
