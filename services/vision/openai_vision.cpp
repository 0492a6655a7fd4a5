#include "services/vision/openai_vision.hpp"

#include "services/provider/ask_provider.hpp"
#include "services/provider/open_desk.hpp"
#include "services/vision/vision_question.hpp"

#include <utility>

namespace darkroom {

openai_vision::openai_vision(provider_list providers, std::string language,
                             std::unique_ptr<vision_analyser> local)
  : providers_(std::move(providers)),
    language_(std::move(language)),
    local_(std::move(local)) {}

const std::string& openai_vision::model() const {
  return providers_.front().model;
}

result<image_metadata>
openai_vision::describe(const vision_input& picture,
                        const std::atomic<bool>* cancel) {
  open_desk desk;
  auto out = describe_for_job(picture, desk, cancel);
  if (!out)
    return std::move(out.error());
  return std::move(out->metadata);
}

result<described_picture>
openai_vision::describe_for_job(const vision_input& picture,
                                provider_desk& desk,
                                const std::atomic<bool>* cancel) {
  if (picture.jpeg.empty())
    return fail(ec::bad_input,
                "'" + picture.file_name + "' came without a JPEG to show");
  vision_question question(picture, language_);
  auto answer = ask_provider(question, {providers_, client_, desk, cancel});
  if (!answer)
    return std::move(answer.error());
  if (answer->text.empty()) {
    auto out = local_->describe_for_job(picture, desk, cancel);
    if (out)
      out->use.provider = answer->use.provider;
    return out;
  }
  auto metadata = metadata_of(answer->text);
  if (!metadata)
    return std::move(metadata.error());
  metadata->model = answer->use.model;
  answer->use.prompt_version = prompt_version;
  return described_picture{std::move(*metadata), std::move(answer->use)};
}

} // namespace darkroom
