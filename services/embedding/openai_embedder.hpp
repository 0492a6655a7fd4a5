/// Vectors from an OpenAI-compatible provider (OpenRouter by default).
#pragma once

#include "services/embedding/text_embedder.hpp"
#include "services/http_client/http_client.hpp"

namespace darkroom {

class openai_embedder : public text_embedder {
public:
  explicit openai_embedder(embedding_settings cfg);

  const std::string& model() const override;
  uint32_t dimensions() const override;
  result<std::vector<float>> embed(const std::string& text,
                                   const std::atomic<bool>* cancel) override;

private:
  embedding_settings cfg_;
  http_client client_;
};

} // namespace darkroom
