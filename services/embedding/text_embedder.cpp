#include "services/embedding/text_embedder.hpp"

#include "services/embedding/ngram_embedder.hpp"
#include "services/embedding/openai_embedder.hpp"
#include "services/embedding/sentence_encoder.hpp"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <optional>
#include <utility>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

/// The places where `deploy/fetch-models` puts the sentence encoder: beside the
/// sources (for a program in build/<preset>), beside the program, or installed.
std::optional<std::string> find_weights() {
  std::error_code ignored;
  auto here = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (auto& models :
       {here / ".." / ".." / "deps" / "models", here / "deps" / "models",
        fs::path("/usr/share/darkroom/models")}) {
    auto folder = models / "sentence-encoder";
    if (fs::exists(folder / "model.json", ignored))
      return folder.lexically_normal().string();
  }
  return std::nullopt;
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

result<embedder_kind> embedder_kind_of(const embedding_settings& cfg) {
  auto ours = cfg.base_url == embedding_settings{}.base_url;
  if (cfg.provider == "auto")
    return cfg.api_key.empty() && ours ? embedder_kind::local
                                       : embedder_kind::openai;
  if (cfg.provider == "local")
    return embedder_kind::local;
  if (cfg.provider == "openai")
    return embedder_kind::openai;
  return fail(ec::bad_config, "embedding.provider is '" + cfg.provider
                                + "': use auto, openai or local");
}

std::optional<std::string> weights_of(const embedding_settings& cfg) {
  return cfg.weights.empty() ? find_weights() : std::optional(cfg.weights);
}

result<std::unique_ptr<text_embedder>>
make_embedder(const embedding_settings& cfg) {
  auto kind = embedder_kind_of(cfg);
  if (!kind)
    return std::move(kind.error());
  if (*kind == embedder_kind::local)
    return make_local(cfg);
  return std::unique_ptr<text_embedder>(std::make_unique<openai_embedder>(cfg));
}

} // namespace darkroom
