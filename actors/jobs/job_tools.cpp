#include "actors/jobs/job_tools.hpp"

#include "services/redis/job_options.hpp"

namespace darkroom {

job_tools::job_tools(const settings& config, local_storage opened,
                     std::unique_ptr<vision_analyser> seeing,
                     std::shared_ptr<text_embedder> embedding)
  : codec(config.imaging),
    storage(std::move(opened)),
    vision(std::move(seeing)),
    embedder(std::move(embedding)),
    limits(config.worker),
    call_slack(config.limits.slack / 2),
    chained_options(default_job_options(config.jobs)) {}

result<std::unique_ptr<job_tools>>
job_tools::make(const settings& config,
                std::shared_ptr<text_embedder> embedder) {
  auto storage = local_storage::open(config.storage.uploads);
  if (!storage)
    return std::move(storage.error());
  auto vision = make_vision(config.vision);
  if (!vision)
    return std::move(vision.error());
  return std::unique_ptr<job_tools>{new job_tools(
    config, std::move(*storage), std::move(*vision), std::move(embedder))};
}

} // namespace darkroom
