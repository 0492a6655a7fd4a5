/// Vectors of hashed n-grams of words and characters. Always available: needs
/// neither a model nor a network. Finds shared words and word stems, but does
/// not know meanings.
#pragma once

#include "services/embedding/text_embedder.hpp"

namespace darkroom {

/// 512 floats; model "local-ngram-1". The same text gives the same vector on
/// every machine.
class ngram_embedder : public local_embedder {
public:
  const std::string& model() const override;
  uint32_t dimensions() const override;
  result<std::vector<float>> embed(const std::string& text,
                                   const std::atomic<bool>* cancel) override;

private:
  std::string model_ = "local-ngram-1";
};

} // namespace darkroom
