#include "actors/jobs/job_tools.hpp"

#include "services/redis/job_options.hpp"

namespace darkroom {

job_tools::job_tools(const settings& config, local_storage opened,
                     std::shared_ptr<shared_embedder> embedding)
  : codec(config.imaging),
    storage(std::move(opened)),
    embedder(std::move(embedding)),
    limits(config.worker),
    call_slack(config.limits.slack / 2),
    chained_options(default_job_options(config.jobs)),
    vision_settings_(config.vision) {}

result<std::unique_ptr<job_tools>>
job_tools::make(const settings& config,
                std::shared_ptr<shared_embedder> embedder) {
  auto storage = local_storage::open(config.storage.uploads);
  if (!storage)
    return std::move(storage.error());
  return std::unique_ptr<job_tools>{
    new job_tools(config, std::move(*storage), std::move(embedder))};
}

result<vision_analyser*> job_tools::vision() {
  if (!vision_) {
    auto made = make_vision(vision_settings_);
    if (!made)
      return std::move(made.error());
    vision_ = std::move(*made);
  }
  return vision_.get();
}

} // namespace darkroom
