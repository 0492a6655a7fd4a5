/// Describes pictures without a network. OpenCV measures colors, light, layout
/// and sharpness; models recognise things, faces and text, where
/// `deploy/fetch-models` brought them; EXIF gives the camera. Words are made
/// from that. docs/offline.md says how good they are.
#pragma once

#include "services/vision/local_models.hpp"
#include "services/vision/vision_analyser.hpp"

namespace darkroom {

/// Model "local-2 (objects, faces, text)", or the parts that there are. Takes
/// 0.3 to 1 s per picture of 768 px, without models 20 ms. The same picture
/// always gives the same words. Not thread-safe.
class local_vision : public vision_analyser {
public:
  /// @param models never null; shared with the other processors of the node
  explicit local_vision(std::shared_ptr<const local_models> models);

  const std::string& model() const override;
  result<image_metadata> describe(const vision_input& picture,
                                  const std::atomic<bool>* cancel) override;

private:
  std::shared_ptr<const local_models> models_;
  std::string model_;
};

} // namespace darkroom
