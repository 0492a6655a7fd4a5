/// Random names.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// 128 random bits as a version 4 UUID ("0d3c1f9e-6f9c-4a55-…"). Thread-safe.
std::string random_id();

/// Whether a text has the form of a `random_id`.
bool is_random_id(std::string_view text);

} // namespace darkroom
