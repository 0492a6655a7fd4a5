#include "actors/jobs/job_tools.hpp"

#include "services/codec/codec_client.hpp"
#include "services/redis/job_options.hpp"
#include "services/storage/open_storage.hpp"
#include "services/text/without_folders.hpp"

#include <filesystem>

namespace darkroom {

namespace {

/// @param uploads as opened, without symbolic links
std::vector<std::string> places_of(const settings& config,
                                   const std::string& uploads) {
  auto program = std::filesystem::path{default_codec_program()};
  return {uploads, config.storage.uploads, program.parent_path(),
          config.embedding.weights, config.vision.models};
}

} // namespace

job_tools::job_tools(const settings& config,
                     std::unique_ptr<picture_codec> pictures,
                     std::unique_ptr<attempt_storage> files,
                     std::shared_ptr<shared_embedder> embedding,
                     std::shared_ptr<shared_models> models)
  : codec(std::move(pictures)),
    storage(std::move(files)),
    embedder(std::move(embedding)),
    limits(config.worker),
    call_slack(config.limits.slack / 2),
    imaging(config.imaging),
    chained_options(default_job_options(config.jobs)),
    vision_settings_(config.vision),
    models_(models ? std::move(models)
                   : std::make_shared<shared_models>(config.vision.models)),
    places_(places_of(config, storage->root())) {}

result<std::unique_ptr<job_tools>>
job_tools::make(const settings& config,
                std::shared_ptr<shared_embedder> embedder,
                std::shared_ptr<codec_budget> budget,
                std::shared_ptr<shared_models> models) {
  auto storage = open_storage(config.storage, config.imaging.max_bytes);
  if (!storage) {
    auto why = std::move(storage.error());
    why.context = without_folders(std::move(why.context),
                                  places_of(config, {}));
    return why;
  }
  return std::make_unique<job_tools>(
    config,
    std::make_unique<codec_client>(config.imaging, default_codec_program(),
                                   std::move(budget)),
    std::move(*storage), std::move(embedder), std::move(models));
}

std::string job_tools::without_places(std::string text) const {
  return without_folders(std::move(text), places_);
}

result<vision_analyser*> job_tools::vision() {
  if (!vision_) {
    auto made = make_vision(vision_settings_, *models_);
    if (!made)
      return std::move(made.error());
    vision_ = std::move(*made);
  }
  return vision_.get();
}

} // namespace darkroom
