/// What the codec process does with one request.
#pragma once

#include "services/codec/codec_wire.hpp"

namespace darkroom {

/// Blocks until it is done. Diagnostic requests do not come back.
codec_response answer(const codec_request& request);

} // namespace darkroom
