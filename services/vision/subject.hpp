/// Puts into words what was recognised in a picture.
#pragma once

#include "services/vision/findings.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// "two dogs and a car", "the low sun", at most five kinds; empty if nothing
/// was recognised.
std::string subject_of(const findings& found);

/// The kinds of things without repetition, surest first: "dog", "car".
std::vector<std::string> kinds_of(const findings& found);

} // namespace darkroom
