#include "services/embedding/text_embedder.hpp"

#include "services/embedding/ngram_embedder.hpp"
#include "services/embedding/openai_embedder.hpp"
#include "services/embedding/sentence_encoder.hpp"
#include "services/inference/model_folder.hpp"
#include "services/provider/provider_list.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace darkroom {

namespace {

std::optional<std::string> find_weights() {
  auto folder = find_model_folder("sentence-encoder", "model.json");
  return folder.empty() ? std::nullopt : std::optional(std::move(folder));
}

result<std::unique_ptr<text_embedder>>
make_local(const embedding_settings& cfg) {
  auto folder = weights_of(cfg);
  if (!folder) {
    spdlog::info("embedding uses word n-grams; for better search run "
                 "deploy/fetch-models");
    return std::unique_ptr<text_embedder>(std::make_unique<ngram_embedder>());
  }
  auto encoder = sentence_encoder::load(*folder);
  if (!encoder)
    return std::move(encoder.error());
  return std::unique_ptr<text_embedder>(std::move(*encoder));
}

} // namespace

result<embedded_text>
local_embedder::embed_for_job(const std::string& text, provider_desk&,
                              const std::atomic<bool>* cancel) {
  auto vector = embed(text, cancel);
  if (!vector)
    return std::move(vector.error());
  model_use use;
  use.model = model();
  use.host = host();
  return embedded_text{std::move(*vector), std::move(use)};
}

result<embedded_text>
local_embedder::embed_for_search(const std::string& text, provider_desk& desk,
                                 const std::atomic<bool>* cancel) {
  return embed_for_job(text, desk, cancel);
}

result<embedder_kind> embedder_kind_of(const embedding_settings& cfg) {
  auto providers = providers_of(cfg);
  if (!providers)
    return std::move(providers.error());
  return providers->front().kind == "local" ? embedder_kind::local
                                            : embedder_kind::openai;
}

std::optional<std::string> weights_of(const embedding_settings& cfg) {
  return cfg.weights.empty() ? find_weights() : std::optional(cfg.weights);
}

result<std::unique_ptr<text_embedder>>
make_embedder(const embedding_settings& cfg) {
  auto providers = providers_of(cfg);
  if (!providers)
    return std::move(providers.error());
  std::unique_ptr<text_embedder> local;
  if (std::any_of(providers->begin(), providers->end(),
                  [](auto& x) { return x.kind == "local"; })) {
    auto made = make_local(cfg);
    if (!made || is_local(*providers))
      return made;
    local = std::move(*made);
  }
  auto host = host_of(providers->front());
  auto made = std::make_unique<openai_embedder>(std::move(*providers),
                                                std::move(local));
  made->set_host(std::move(host));
  return std::unique_ptr<text_embedder>(std::move(made));
}

result<std::unique_ptr<text_embedder>>
make_embedder(const embedding_settings& cfg, const std::string& model) {
  auto providers = providers_of(cfg);
  if (!providers)
    return std::move(providers.error());
  const auto& first = providers->front();
  if (model.empty() || (first.kind != "local" && first.model == model))
    return make_embedder(cfg);
  auto ngrams = std::make_unique<ngram_embedder>();
  if (model == ngrams->model())
    return std::unique_ptr<text_embedder>(std::move(ngrams));
  if (model.rfind("local-", 0) == 0) // loading weights only for that
    if (auto made = make_local(cfg); made && (*made)->model() == model)
      return made;
  auto is_remote = [](const auto& x) {
    return x.kind != "local";
  };
  auto chosen = std::find_if(providers->begin(), providers->end(),
                             [&](const auto& x) {
                               return is_remote(x) && x.model == model;
                             });
  if (chosen == providers->end())
    chosen = std::find_if(providers->begin(), providers->end(), is_remote);
  if (chosen == providers->end())
    return fail(ec::bad_config,
                "there is no local embedding model '" + model.substr(0, 100)
                  + "': use " + ngram_embedder{}.model()
                  + ", run deploy/fetch-models, or set a provider in "
                    "[embedding]");
  auto only = cfg;
  only.providers = {*chosen};
  only.providers.front().model = model;
  return make_embedder(only);
}

} // namespace darkroom
