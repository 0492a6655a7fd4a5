/// Encodes pixels that load_shrunk made. No metadata is written.
#pragma once

#include "messages/result.hpp"
#include "services/codec/codec_wire.hpp"
#include "services/imaging/vips_image.hpp"

#include <string>

namespace darkroom {

/// The file that `order` asks for. `from` has the right size already.
/// @returns ec::internal if the encoder refuses.
result<std::string> encode(const image& from, const encode_order& order);

/// JPEG without alpha: transparent areas become white.
result<std::string> encode_jpeg(const image& from);

/// sRGB pixels without alpha: transparent areas become white.
result<raw_picture> raw_rgb(const image& from);

} // namespace darkroom
