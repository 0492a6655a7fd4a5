/// Prepares libvips for strangers' pictures. Once a process, before any thread.
#pragma once

#include "messages/result.hpp"

namespace darkroom {

/// One thread, no cache, and only the loaders we mean to offer.
status start_imaging();

} // namespace darkroom
