/// Asks vision models behind APIs like OpenAI's.
#pragma once

#include "services/http_client/http_client.hpp"
#include "services/provider/provider_list.hpp"
#include "services/vision/vision_analyser.hpp"

#include <memory>

namespace darkroom {

class openai_vision : public vision_analyser {
public:
  /// @param providers not empty
  /// @param local for local entries of the list; null if there is none
  openai_vision(provider_list providers, std::string language,
                std::unique_ptr<vision_analyser> local);

  /// The preferred one.
  const std::string& model() const override;

  /// Asks without a job; see `open_desk`.
  result<image_metadata> describe(const vision_input& picture,
                                  const std::atomic<bool>* cancel) override;

  result<described_picture>
  describe_for_job(const vision_input& picture, provider_desk& desk,
                   const std::atomic<bool>* cancel) override;

private:
  provider_list providers_;
  std::string language_;
  std::unique_ptr<vision_analyser> local_;
  http_client client_;
};

} // namespace darkroom
