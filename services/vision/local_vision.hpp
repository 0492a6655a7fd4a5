/// Describes pictures without a model or a network: OpenCV measures colors,
/// light, layout, sharpness and faces, EXIF gives the camera, and words are
/// made from that and the file name.
#pragma once

#include "services/vision/measure.hpp"
#include "services/vision/vision_analyser.hpp"

namespace darkroom {

/// Model "local-opencv-1". Takes 0.1 to 0.4 s per picture of 512 px (measured
/// beside other work), mostly for faces. The same picture always gives the same
/// words. Not thread-safe.
class local_vision : public vision_analyser {
public:
  /// @returns ec::bad_config if `cfg.cascades` names a folder without a cascade
  static result<std::unique_ptr<local_vision>> make(const vision_settings& cfg);

  const std::string& model() const override;
  result<image_metadata> describe(const vision_input& picture,
                                  const std::atomic<bool>* cancel) override;

private:
  explicit local_vision(face_finder faces) : faces_(std::move(faces)) {}

  std::string model_ = "local-opencv-1";
  face_finder faces_;
};

} // namespace darkroom
