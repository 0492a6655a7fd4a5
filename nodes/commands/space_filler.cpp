#include "nodes/commands/space_filler.hpp"

#include "actors/jobs/job_type.hpp"
#include "config/clock.hpp"
#include "services/catalog/image_json.hpp"
#include "services/json/json.hpp"
#include "services/redis/job_options.hpp"
#include "services/storage/file_bytes.hpp"
#include "services/storage/names.hpp"

#include <utility>
#include <vector>

namespace darkroom {

namespace {

constexpr int64_t images_per_page = 500;

/// Failures are looked for, which reads all that is missing, only then.
constexpr int quiet_enough = 8;

} // namespace

space_filler::space_filler(const settings& config, catalog_reader& catalog,
                           vector_space space)
  : config_(config),
    catalog_(catalog),
    space_(std::move(space)),
    queue_(config.redis, config.queue) {}

status space_filler::each_page(
  const std::function<status(const outdated_page&)>& take) {
  std::string last;
  for (;;) {
    auto images = catalog_.outdated(space_, last, images_per_page);
    if (!images)
      return std::move(images.error());
    if (images->empty())
      return ok;
    last = images->back().id;
    if (auto done = take(*images); !done)
      return done;
  }
}

new_job space_filler::job_of(const outdated_image& image) const {
  new_job job;
  job.name = maker_of(image_part::embedding);
  job.data = write_json({{"imageId", image.id},
                         {"filePath", image.file_path},
                         {"model", space_.model},
                         {"metadata", to_json(image.metadata)}});
  job.options = default_job_options(config_.jobs);
  // Once for each text and each earlier run.
  auto key = sha256_of(to_string(space_) + "\n" + image.metadata.searchable_text
                       + "\n" + image.part_stamp);
  job.id = "reembed-" + key.substr(0, 16) + "-" + safe_name(image.id);
  job.priority = background_priority;
  return job;
}

status space_filler::add_jobs() {
  // Taken before the images are read: whoever deletes one of them, or adds a
  // job for it, from now on makes our job void.
  auto now = wall_clock_ms();
  return each_page([this, now](const outdated_page& images) -> status {
    std::vector<new_job> jobs;
    for (const auto& x : images)
      if (auto [known, is_new] = waiting_.emplace(x.id, x.part_stamp); is_new)
        jobs.push_back(job_of(x));
    if (jobs.empty())
      return ok;
    auto added = queue_.add(jobs, now);
    if (!added)
      return std::move(added.error());
    state_.existed += static_cast<int64_t>(queue_.existed());
    state_.added += static_cast<int64_t>(jobs.size() - queue_.existed());
    return ok;
  });
}

status space_filler::look() {
  auto now = catalog_.progress(space_);
  if (!now)
    return std::move(now.error());
  quiet_looks_ = now->fresh == state_.space.fresh ? quiet_looks_ + 1 : 0;
  state_.space = *now;
  if (quiet_looks_ < quiet_enough)
    return ok;
  quiet_looks_ = 0;
  return count_failed();
}

/// A picture whose job has run, and that is still without a fresh vector: the
/// job failed, or the worker made a vector of another space.
status space_filler::count_failed() {
  state_.failed = 0;
  return each_page([this](const outdated_page& images) -> status {
    for (const auto& x : images) {
      auto known = waiting_.find(x.id);
      auto has_run = known != waiting_.end() && known->second != x.part_stamp;
      if (has_run && x.is_settled)
        ++state_.failed;
    }
    return ok;
  });
}

} // namespace darkroom
