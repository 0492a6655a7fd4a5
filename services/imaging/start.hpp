/// Prepares libvips for strangers' pictures.
#pragma once

#include "messages/result.hpp"

namespace darkroom {

/// Sets one thread, no cache, and only the loaders that we offer. Call it once
/// per process, before any thread starts.
status start_imaging();

} // namespace darkroom
