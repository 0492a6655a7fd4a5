#include "services/vision/vision_analyser.hpp"

#include "services/vision/local_vision.hpp"
#include "services/vision/openai_vision.hpp"

#include <utility>

namespace darkroom {

namespace {

std::string provider_of(const vision_settings& cfg) {
  if (cfg.provider != "auto")
    return cfg.provider;
  auto ours = cfg.base_url == vision_settings{}.base_url;
  return cfg.api_key.empty() && ours ? "local" : "openai";
}

} // namespace

vision_model vision_identity(const vision_settings& cfg) {
  auto provider = provider_of(cfg);
  return {provider == "openai" ? cfg.model : provider,
          cfg.provider == "auto" && provider == "local"};
}

result<std::unique_ptr<vision_analyser>>
make_vision(const vision_settings& cfg) {
  auto provider = provider_of(cfg);
  if (provider == "openai")
    return std::unique_ptr<vision_analyser>(
      std::make_unique<openai_vision>(cfg));
  if (provider != "local")
    return fail(ec::bad_config, "vision.provider is '" + cfg.provider
                                  + "': use auto, openai or local");
  auto local = local_vision::make(cfg);
  if (!local)
    return std::move(local.error());
  return std::unique_ptr<vision_analyser>(std::move(*local));
}

} // namespace darkroom
