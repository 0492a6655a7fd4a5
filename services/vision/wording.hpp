/// Puts the local analyser's findings into words. Says only what was measured:
/// it does not know what is on the picture, faces apart.
#pragma once

#include "messages/records.hpp"
#include "services/vision/findings.hpp"

namespace darkroom {

/// Metadata of product.md §1; model and time are left to the caller.
image_metadata put_into_words(const findings& found);

/// One word for light and color together: "cheerful", "somber", …
std::string mood_of(const tone_findings& tone);

/// One or two words for the rendering: "black and white", "vivid",
/// "high contrast", …
std::string style_of(const findings& found);

/// "sharp", "soft", "blurred", or nothing where the picture has no detail to
/// judge by.
std::string sharpness_of(const tone_findings& tone);

} // namespace darkroom
