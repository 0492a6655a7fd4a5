#include "nodes/cluster/find_traits.hpp"

#include "actors/jobs/job_type.hpp"
#include "config/words.hpp"
#include "services/embedding/model_identity.hpp"
#include "services/storage/folder_mark.hpp"
#include "services/storage/names.hpp"
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
  return {"vision model", identity.name, identity.where, identity.is_default};
}

node_trait quality_trait(const imaging_settings& cfg) {
  return {"quality of variants",
          "webp " + std::to_string(cfg.webp_quality) + ", avif "
            + std::to_string(cfg.avif_quality) + " " + cfg.avif_tune + ", jpeg "
            + std::to_string(cfg.jpeg_quality),
          "[imaging] …_quality and avif_tune", false};
}

node_trait sizes_trait(const imaging_settings& cfg) {
  std::vector<std::string> sizes;
  for (const auto& x : cfg.variants)
    sizes.push_back(describe(x));
  auto all = joined(sizes, "; ", "; ");
  constexpr size_t longest = 200; // one line of a log
  if (all.size() > longest)
    all = std::to_string(cfg.variants.size()) + " sizes, " + safe_name(all);
  return {"set of variants", all, "[[variants]]", false};
}

// Else one node would accept an upload that another one refuses for good.
node_trait formats_trait(const imaging_settings& cfg) {
  auto formats = cfg.formats;
  std::sort(formats.begin(), formats.end());
  formats.erase(std::unique(formats.begin(), formats.end()), formats.end());
  return {"list of formats that are read", joined(formats), "[imaging] formats",
          false};
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
    for (auto make_trait : {quality_trait, sizes_trait})
      out.push_back(make_trait(config.imaging));
  if (read_pictures(job_types)) {
    out.push_back(formats_trait(config.imaging));
    auto mark = read_folder_mark(config.storage.uploads);
    if (!mark)
      return std::move(mark.error());
    out.push_back(uploads_trait(config.storage, std::move(*mark)));
  }
  return out;
}

node_traits main_traits(const settings& config) {
  node_traits out{quality_trait(config.imaging), sizes_trait(config.imaging),
                  formats_trait(config.imaging)};
  // A main node without models leaves them to its workers.
  if (auto vision = vision_trait(config.vision);
      !vision.where.empty() || !vision.is_default)
    out.push_back(std::move(vision));
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
