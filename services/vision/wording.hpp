/// Turns the local analyser's findings into words. Says only what was measured
/// or recognised, and where nothing was recognised it says so.
#pragma once

#include "messages/records.hpp"
#include "services/vision/findings.hpp"

namespace darkroom {

/// The metadata in words; the caller fills in model and time.
image_metadata put_into_words(const findings& found);

/// "warm", "cool" or "neutral".
std::string temperature_of(const tone_findings& tone);

/// One word for light and color together: "cheerful", "somber", …
std::string mood_of(const tone_findings& tone);

/// One or two words for the look: "black and white", "vivid", "high contrast",
/// …
std::string style_of(const findings& found);

/// "sharp", "soft" or "blurred"; empty if the picture has too little detail to
/// judge.
std::string sharpness_of(const tone_findings& tone);

} // namespace darkroom
