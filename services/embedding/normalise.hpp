/// Scales vectors to one length, so that search compares directions.
#pragma once

#include <vector>

namespace darkroom {

/// Scales to L2 norm 1. @returns false if the vector has no direction
bool normalise(std::vector<float>& vector);

} // namespace darkroom
