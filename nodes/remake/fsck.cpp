#include "nodes/remake/fsck.hpp"

#include "actors/jobs/job_type.hpp"
#include "config/database_url.hpp"

#include <malloc.h>

#include <filesystem>
#include <utility>

namespace darkroom {

namespace {

bool has_catalog(const catalog_settings& catalog) {
  if (catalog.tables == "off")
    return false;
  std::error_code ignored;
  return is_postgres_url(catalog.database)
         || std::filesystem::exists(catalog.database, ignored);
}

part_makers all_makers() {
  part_makers out;
  for (auto part : all_image_parts())
    out[static_cast<size_t>(part)] = maker_of(part);
  return out;
}

} // namespace

result<std::unique_ptr<reconciler>>
open_reconciler(const settings& config, const fsck_options& options) {
  auto stores = fsck_stores::open(config, all_makers(), options.repairs);
  if (!stores)
    return std::move(stores.error());
  return std::make_unique<reconciler>(std::move(*stores), options);
}

result<drift_report> drift_sampler::look() {
  if (!reconciler_) {
    if (!has_catalog(config_.catalog))
      return drift_report{};
    fsck_options options;
    options.grace = config_.fsck.grace;
    options.repairs = config_.fsck.repair;
    options.wanted = every_drift();
    auto opened = open_reconciler(config_, options);
    if (!opened)
      return std::move(opened.error());
    reconciler_ = std::move(*opened);
  }
  auto report = reconciler_->sample(config_.fsck.sample);
  malloc_trim(0); // else glibc keeps the room of thousands of names
  return report;
}

} // namespace darkroom
