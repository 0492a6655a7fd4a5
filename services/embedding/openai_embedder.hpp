/// Vectors from providers like OpenAI (OpenRouter by default).
#pragma once

#include "services/embedding/text_embedder.hpp"
#include "services/http_client/http_client.hpp"
#include "services/provider/provider_list.hpp"

#include <memory>

namespace darkroom {

class openai_embedder : public text_embedder {
public:
  /// @param providers not empty
  /// @param local for local entries of the list; null if there is none
  openai_embedder(provider_list providers,
                  std::unique_ptr<text_embedder> local);

  /// The preferred one.
  const std::string& model() const override;
  uint32_t dimensions() const override;

  result<embedded_text> embed_for_job(const std::string& text,
                                      provider_desk& desk,
                                      const std::atomic<bool>* cancel) override;

  result<embedded_text>
  embed_for_search(const std::string& text, provider_desk& desk,
                   const std::atomic<bool>* cancel) override;

private:
  result<embedded_text> ask(const provider_list& providers,
                            const std::string& text, provider_desk& desk,
                            const std::atomic<bool>* cancel);

  provider_list providers_;
  provider_list preferred_; ///< the first of them
  std::unique_ptr<text_embedder> local_;
  http_client client_;
};

} // namespace darkroom
