/// One picture as a question to a provider.
#pragma once

#include "messages/records.hpp"
#include "services/provider/provider_question.hpp"
#include "services/vision/vision_input.hpp"
#include "services/vision/vision_prompt.hpp"

#include <string>

namespace darkroom {

/// Borrows the picture. An answer is kept as JSON of the metadata, without
/// model and time.
class vision_question : public provider_question {
public:
  /// @param language of the answer; empty = English
  vision_question(const vision_input& picture, const std::string& language);

  request_kind kind() const override {
    return request_kind::description;
  }
  std::string answer_key() const override;
  std::string body(const provider_settings& to,
                   const request_profile& profile) const override;
  reading read(const nlohmann::json& body,
               const provider_settings& from) const override;
  bool is_sound(const std::string& answer,
                const provider_settings& from) const override;
  void mend(const reading& bad) override;
  bool make_smaller() override;

private:
  const vision_input& picture_;
  vision_request request_;
  std::string key_;
  bool is_smaller_ = false;
};

/// The metadata in an answer that was kept.
/// @returns ec::upstream_failed if it is none
result<image_metadata> metadata_of(const std::string& answer);

} // namespace darkroom
