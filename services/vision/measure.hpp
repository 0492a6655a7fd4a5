/// The steps of the local analysis. Each one looks at the same small picture
/// (BGR, 8 bit, upright), is deterministic, and runs in the caller's thread.
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

/// The main colors, by k-means in Lab; merges those of one name. `colors.cpp`
std::vector<color_share> find_colors(const cv::Mat& bgr);

/// Light, color and sharpness of the whole picture. `tone.cpp`
tone_findings measure_tone(const cv::Mat& bgr);

/// Layout, with the focal point by spectral residual saliency. `layout.cpp`
layout_findings find_layout(const cv::Mat& bgr, const vision_input& picture);

/// Camera, date and exposure. `facts.cpp`
exif_findings read_exif(const vision_input& picture);

/// The words of a file name that a person chose: "red-bicycle_02.jpg" gives
/// "red" and "bicycle", "IMG_2041.jpg" gives none. `facts.cpp`
std::vector<std::string> read_name(const std::string& file_name);

/// Finds frontal faces with OpenCV's Haar cascade. Not thread-safe. `faces.cpp`
class face_finder {
public:
  /// @param folder contains the cascades; if empty, Debian's folder is used,
  ///   and without that no faces are found
  /// @returns ec::bad_config if a folder is given and has no cascade
  static result<face_finder> make(const std::string& folder);

  face_finder(face_finder&&) noexcept;
  ~face_finder();

  /// Faces, largest first; empty without a cascade.
  std::vector<face_box> find(const cv::Mat& bgr);

private:
  struct cascade;
  explicit face_finder(std::unique_ptr<cascade> from);

  std::unique_ptr<cascade> cascade_;
};

} // namespace darkroom
