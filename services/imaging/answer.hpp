/// Answers one request to the codec process.
#pragma once

#include "services/codec/codec_wire.hpp"

namespace darkroom {

/// Blocks until the work is done. Some diagnostic requests never return.
codec_response answer(const codec_request& request);

} // namespace darkroom
