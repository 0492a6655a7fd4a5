#include "nodes/cluster/find_traits.hpp"

#include "actors/jobs/job_type.hpp"
#include "services/embedding/model_identity.hpp"
#include "services/storage/folder_mark.hpp"
#include "services/vision/vision_analyser.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

namespace {

bool runs(const std::vector<std::string>& job_types, const char* type) {
  return std::find(job_types.begin(), job_types.end(), type) != job_types.end();
}

bool make(const std::vector<std::string>& job_types, image_part part) {
  return runs(job_types, maker_of(part));
}

bool read_pictures(const std::vector<std::string>& job_types) {
  auto readers = upload_job_types();
  return std::any_of(readers.begin(), readers.end(),
                     [&](const auto* x) { return runs(job_types, x->name); });
}

node_trait vision_trait(const vision_settings& cfg) {
  auto identity = vision_identity(cfg);
  return {"vision model", identity.name, "", identity.is_default};
}

node_trait picture_trait(const imaging_settings& cfg) {
  return {"quality of variants",
          "webp " + std::to_string(cfg.webp_quality) + ", avif "
            + std::to_string(cfg.avif_quality),
          "[imaging] webp_quality and avif_quality", false};
}

node_trait uploads_trait(const storage_settings& cfg, std::string mark) {
  return {"uploads folder", std::move(mark), cfg.uploads, false};
}

} // namespace

result<node_traits> traits_of(const settings& config,
                              const std::vector<std::string>& job_types,
                              node_traits& settled) {
  if (settled.empty() && make(job_types, image_part::embedding)) {
    auto model = embedding_identity(config.embedding);
    if (!model)
      return std::move(model.error());
    settled.push_back(
      {"embedding model", model->name, model->where, model->is_default});
  }
  auto out = settled;
  if (make(job_types, image_part::metadata))
    out.push_back(vision_trait(config.vision));
  if (make(job_types, image_part::variants))
    out.push_back(picture_trait(config.imaging));
  if (read_pictures(job_types)) {
    auto mark = read_folder_mark(config.storage.uploads);
    if (!mark)
      return std::move(mark.error());
    out.push_back(uploads_trait(config.storage, std::move(*mark)));
  }
  return out;
}

node_traits main_traits(const settings& config) {
  node_traits out{vision_trait(config.vision), picture_trait(config.imaging)};
  auto model = embedding_identity(config.embedding);
  if (!model)
    spdlog::warn("workers with another embedding model will not be noticed: {}",
                 model.error().context);
  else if (model->has_weights || !model->is_default)
    out.push_back(
      {"embedding model", model->name, model->where, model->is_default});
  return out;
}

void add_uploads_trait(const settings& config, node_traits& to) {
  if (auto mark = mark_folder(config.storage.uploads))
    to.push_back(uploads_trait(config.storage, *mark));
  else
    spdlog::warn("workers with another uploads folder will not be noticed: {}",
                 mark.error().context);
}

} // namespace darkroom
