/// Asks an OpenAI-compatible vision model, which must follow a JSON schema.
#pragma once

#include "services/http_client/http_client.hpp"
#include "services/vision/vision_analyser.hpp"

namespace darkroom {

class openai_vision : public vision_analyser {
public:
  explicit openai_vision(vision_settings cfg);

  const std::string& model() const override;
  result<image_metadata> describe(const vision_input& picture,
                                  const std::atomic<bool>* cancel) override;

private:
  vision_settings cfg_;
  http_client client_;
};

} // namespace darkroom
