/// The local analyser's findings as the JSON that metadata keeps.
#pragma once

#include "services/vision/findings.hpp"

#include <string>

namespace darkroom {

/// {"dominant":["#87b6e0"],"names":["sky blue"],"shares":[0.5],
/// "temperature":"cool"}, largest share first.
std::string colors_json(const findings& found);

/// The shape, where the eye goes, and where faces and things are; places are
/// shares of the picture's width and height, with two digits.
std::string composition_json(const findings& found);

} // namespace darkroom
