#include "nodes/remake/remake.hpp"

#include "actors/jobs/job_type.hpp"
#include "config/clock.hpp"
#include "config/words.hpp"
#include "services/json/json.hpp"
#include "services/redis/job_options.hpp"
#include "services/redis/job_queue.hpp"
#include "services/storage/names.hpp"
#include "services/storage/open_storage.hpp"

#include <vector>

namespace darkroom {

namespace {

constexpr int64_t page = 500;

new_job job_of(const remade_image& image, const remake_plan& plan,
               const std::string& options) {
  auto data = plan.more.is_object() ? plan.more : nlohmann::json::object();
  data["imageId"] = image.id;
  data["filePath"] = image.file_path;
  new_job job;
  job.name = maker_of(plan.part);
  job.data = write_json(data);
  job.options = options;
  // Once for each result, so that a later one can be replaced, too.
  job.id = plan.reason + "-" + std::to_string(image.made_at) + "-"
           + safe_name(image.id);
  job.priority = background_priority;
  return job;
}

} // namespace

result<remake_count> remake(const settings& config, const remake_plan& plan) {
  auto reader = catalog_reader::open(config.catalog);
  if (!reader)
    return std::move(reader.error());
  auto storage = open_storage(config.storage);
  if (!storage)
    return std::move(storage.error());
  job_queue queue{config.redis, config.queue};
  auto options = default_job_options(config.jobs);
  remake_count count;
  std::string last;
  while (count.added < plan.most) {
    // Taken before the images are read: whoever deletes one of them, or adds a
    // job for it, from now on makes our job void.
    auto now = wall_clock_ms();
    auto images = plan.find(*reader, last, page);
    if (!images)
      return std::move(images.error());
    if (images->empty())
      break;
    std::vector<new_job> jobs;
    for (const auto& x : *images) {
      if (jobs.size() == plan.most - count.added)
        break;
      last = x.id;
      if (!(*storage)->is_gone(x.file_path))
        jobs.push_back(job_of(x, plan, options));
      else // it would fail, though its parts are whole
        ++count.missing;
    }
    if (jobs.empty())
      continue;
    auto added = queue.add(jobs, now);
    if (!added)
      return std::move(added.error());
    count.existed += queue.existed();
    count.added += jobs.size() - queue.existed();
  }
  return count;
}

std::string rest_of(const remake_count& count) {
  return (count.existed > 0
            ? "; " + counted(count.existed, "other") + " had a job already"
            : "")
         + (count.missing > 0
              ? "; the originals of " + counted(count.missing, "other")
                  + " are gone"
              : "");
}

} // namespace darkroom
