/// One text as a question to a provider of embeddings.
#pragma once

#include "services/provider/provider_question.hpp"

#include <string>

namespace darkroom {

/// An answer is kept as `pack_vector` writes it.
class embedding_question : public provider_question {
public:
  /// @param text cut if no provider accepts so much
  explicit embedding_question(const std::string& text);

  request_kind kind() const override {
    return request_kind::embedding;
  }
  std::string answer_key() const override;
  std::string body(const provider_settings& to,
                   const request_profile& profile) const override;
  reading read(const nlohmann::json& body,
               const provider_settings& from) const override;
  bool is_sound(const std::string& answer,
                const provider_settings& from) const override;

private:
  std::string text_;
};

} // namespace darkroom
