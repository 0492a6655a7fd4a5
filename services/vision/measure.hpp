/// The steps of the local analysis that need no model. Each one looks at the
/// same picture (BGR, 8 bit, upright), is deterministic, and runs in the
/// caller's thread. What they measure does not depend on the picture's size.
#pragma once

#include "services/vision/findings.hpp"
#include "services/vision/vision_input.hpp"

#include <vector>

namespace cv {
class Mat;
} // namespace cv

namespace darkroom {

/// The picture with this longer edge, in pixels. What is measured at one size
/// is the same for a large and a small file of one scene. `tone.cpp`
cv::Mat at_edge(const cv::Mat& picture, int edge);

/// The main colors by their everyday names. `colors.cpp`
std::vector<color_share> find_colors(const cv::Mat& bgr);

/// Light, color and sharpness of the whole picture. `tone.cpp`
tone_findings measure_tone(const cv::Mat& bgr);

/// Layout, with the focal point by spectral residual saliency. `layout.cpp`
layout_findings find_layout(const cv::Mat& bgr, const vision_input& picture);

/// Camera, date and exposure. `facts.cpp`
exif_findings read_exif(const vision_input& picture);

/// Whether the sun stands low, as at sunset or sunrise: a small blinding spot
/// in a warm glow above dark ground. `low_sun.cpp`
bool has_low_sun(const cv::Mat& bgr);

} // namespace darkroom
