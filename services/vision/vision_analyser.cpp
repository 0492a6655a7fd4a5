#include "services/vision/vision_analyser.hpp"

#include "services/provider/provider_list.hpp"
#include "services/vision/local_vision.hpp"
#include "services/vision/openai_vision.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

result<described_picture>
vision_analyser::describe_for_job(const vision_input& picture, provider_desk&,
                                  const std::atomic<bool>* cancel) {
  auto metadata = describe(picture, cancel);
  if (!metadata)
    return std::move(metadata.error());
  model_use use;
  use.model = metadata->model;
  return described_picture{std::move(*metadata), std::move(use)};
}

vision_model vision_identity(const vision_settings& cfg) {
  auto providers = providers_of(cfg);
  if (!providers) // make_vision says what is wrong
    return {cfg.provider, false, false, ""};
  vision_model out;
  auto is_chosen = cfg.provider != "auto" || !cfg.providers.empty()
                   || !cfg.models.empty();
  out.is_default = is_local(*providers) && !is_chosen;
  for (const auto& x : *providers) {
    auto name = x.model;
    if (x.kind == "local") {
      out.is_local = true;
      out.where = model_folder_of(cfg.models);
      name = name_of_local(parts_in(out.where));
    }
    out.name += (out.name.empty() ? "" : ", ") + name;
  }
  return out;
}

result<std::unique_ptr<vision_analyser>> make_vision(const vision_settings& cfg,
                                                     shared_models& models) {
  auto providers = providers_of(cfg);
  if (!providers)
    return std::move(providers.error());
  std::unique_ptr<vision_analyser> local;
  if (std::any_of(providers->begin(), providers->end(),
                  [](auto& x) { return x.kind == "local"; })) {
    auto loaded = models.get();
    if (!loaded)
      return std::move(loaded.error());
    local = std::make_unique<local_vision>(std::move(*loaded));
    if (is_local(*providers))
      return local;
  }
  return std::unique_ptr<vision_analyser>(std::make_unique<openai_vision>(
    std::move(*providers), cfg.language, std::move(local)));
}

} // namespace darkroom
