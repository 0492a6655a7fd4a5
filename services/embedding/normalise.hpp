/// Brings vectors to one length, so that search compares directions.
#pragma once

#include <vector>

namespace darkroom {

/// Scales to L2 norm 1. @returns false if there is no direction to keep
bool normalise(std::vector<float>& vector);

} // namespace darkroom
