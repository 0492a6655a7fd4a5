/// The steps of the local analysis. Each looks at the same small picture (BGR,
/// 8 bit, upright), is deterministic, and runs on the caller's thread.
#pragma once

#include "messages/result.hpp"
#include "services/vision/findings.hpp"
#include "services/vision/vision_input.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cv {
class Mat;
} // namespace cv

namespace darkroom {

/// The main colors, by k-means in Lab; those of one name are one. `colors.cpp`
std::vector<color_share> find_colors(const cv::Mat& bgr);

/// Light, color and sharpness as a whole. `tone.cpp`
tone_findings measure_tone(const cv::Mat& bgr);

/// Layout; the focal point by spectral residual saliency. `layout.cpp`
layout_findings find_layout(const cv::Mat& bgr, const vision_input& picture);

/// Camera, date and exposure. `facts.cpp`
exif_findings read_exif(const vision_input& picture);

/// The words of a file name that somebody chose: "red-bicycle_02.jpg" gives
/// red and bicycle, "IMG_2041.jpg" nothing. `facts.cpp`
std::vector<std::string> read_name(const std::string& file_name);

/// Finds frontal faces by OpenCV's Haar cascade. Not thread-safe. `faces.cpp`
class face_finder {
public:
  /// @param folder of the cascades; empty = where Debian has them, or none
  /// @returns ec::bad_config if a folder was named and has no cascade
  static result<face_finder> make(const std::string& folder);

  face_finder(face_finder&&) noexcept;
  ~face_finder();

  /// Faces, largest first; none where no cascade was found.
  std::vector<face_box> find(const cv::Mat& bgr);

private:
  struct cascade;
  explicit face_finder(std::unique_ptr<cascade> from);

  std::unique_ptr<cascade> cascade_;
};

} // namespace darkroom
