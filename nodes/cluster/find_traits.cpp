#include "nodes/cluster/find_traits.hpp"

#include "actors/jobs/job_type.hpp"
#include "actors/mark_keeper.hpp"
#include "config/words.hpp"
#include "services/codec/codec_identity.hpp"
#include "services/embedding/model_identity.hpp"
#include "services/redis/cluster_id.hpp"
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

// Also tells the main node apart from workers with other libraries, whose files
// of one picture would differ.
result<node_trait> codec_trait(const imaging_settings& cfg) {
  auto identity = codec_identity(cfg);
  if (!identity)
    return std::move(identity.error());
  return node_trait{"codec", std::move(*identity), default_codec_program(),
                    false};
}

/// What takes long to find out, and does not change while the process runs.
result<node_traits> settle(const settings& config,
                           const std::vector<std::string>& job_types) {
  node_traits out;
  if (make(job_types, image_part::embedding)) {
    auto model = embedding_identity(config.embedding);
    if (!model)
      return std::move(model.error());
    out.push_back(
      {"embedding model", model->name, model->where, model->is_default});
  }
  if (read_pictures(job_types)) {
    auto codec = codec_trait(config.imaging);
    if (!codec)
      return std::move(codec.error());
    out.push_back(std::move(*codec));
  }
  return out;
}

/// A folder's mark, or the bucket. The key may differ, but not the place.
result<node_trait> uploads_trait(const storage_settings& cfg, bool may_mark) {
  constexpr auto what = uploads_trait_name;
  if (cfg.kind == "s3")
    return node_trait{
      what, cfg.s3_endpoint + " bucket " + cfg.s3_bucket + '/' + cfg.s3_prefix,
      "[storage] kind = \"s3\"", false};
  auto mark = may_mark ? mark_folder(cfg.uploads)
                       : read_folder_mark(cfg.uploads);
  if (!mark)
    return std::move(mark.error());
  return node_trait{what, std::move(*mark), cfg.uploads, false};
}

} // namespace

result<node_traits> traits_of(const settings& config,
                              const std::vector<std::string>& job_types,
                              node_traits& settled) {
  if (settled.empty()) {
    auto found = settle(config, job_types);
    if (!found)
      return std::move(found.error());
    settled = std::move(*found);
  }
  auto out = settled;
  if (make(job_types, image_part::metadata))
    out.push_back(vision_trait(config.vision));
  if (make(job_types, image_part::variants))
    for (auto make_trait : {quality_trait, sizes_trait})
      out.push_back(make_trait(config.imaging));
  if (read_pictures(job_types)) {
    out.push_back(formats_trait(config.imaging));
    auto uploads = uploads_trait(config.storage, false);
    if (!uploads)
      return std::move(uploads.error());
    out.push_back(std::move(*uploads));
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
  if (auto codec = codec_trait(config.imaging))
    out.push_back(std::move(*codec));
  else // it runs no jobs, so it needs none
    spdlog::debug("this main node has no codec: {}", codec.error().context);
  return out;
}

void add_uploads_trait(const settings& config, node_traits& to) {
  if (auto uploads = uploads_trait(config.storage, true))
    to.push_back(std::move(*uploads));
  else
    spdlog::warn("workers with another uploads folder will not be noticed: {}",
                 uploads.error().context);
}

main_mark mark_uploads(const settings& config) {
  auto cluster = cluster_id(config.redis, config.queue);
  auto mark = cluster ? leave_main_mark(config, *cluster)
                      : result<main_mark>{std::move(cluster.error())};
  if (mark)
    return std::move(*mark);
  spdlog::warn("workers with a copy of the pictures will not be noticed: {}",
               mark.error().context);
  return {};
}

std::function<void()> mark_keeper_of(caf::actor_system& system,
                                     const settings& config,
                                     const main_mark& mark) {
  return mark_keeper(system, [storage = config.storage, mark] {
    return keep_main_mark(storage, mark);
  });
}

} // namespace darkroom
