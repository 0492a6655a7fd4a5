/// Random names.
#pragma once

#include <string>

namespace darkroom {

/// 128 random bits as a version 4 UUID ("0d3c1f9e-6f9c-4a55-…"). Thread-safe.
std::string random_id();

} // namespace darkroom
