#include "services/fsck/image_mender.hpp"

#include "services/catalog/image_json.hpp"
#include "services/json/json.hpp"
#include "services/redis/job_options.hpp"
#include "services/storage/names.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

constexpr int most_job_ids = 5; // ids per part

/// The data of the part's job, as an upload or its predecessor writes them.
result<std::string> repair_data(fsck_stores& stores, const audited_image& x,
                                image_part part) {
  nlohmann::json data{{"imageId", x.id}, {"filePath", x.file_path}};
  if (part == image_part::embedding) {
    auto image = stores.reader.image(x.id);
    if (!image)
      return std::move(image.error());
    if (!image->metadata)
      return fail(ec::conflict, "image '" + x.id + "' has no metadata by now");
    data["metadata"] = to_json(*image->metadata);
  }
  return write_json(data);
}

/// Adds the part's job, newer than all that the catalog knows of the part.
status add_repair_job(fsck_stores& stores, const audited_image& x,
                      image_part part, int64_t now) {
  const auto* row = x.find(part);
  new_job job;
  job.name = stores.makers[static_cast<size_t>(part)];
  auto data = repair_data(stores, x, part);
  if (!data)
    return std::move(data.error());
  job.data = std::move(*data);
  job.options = default_job_options(stores.config.jobs);
  auto state = row != nullptr ? std::to_string(row->stamp.job_timestamp) + "."
                                  + std::to_string(row->stamp.attempt)
                              : std::to_string(x.created_at);
  auto first = std::string{"fsck-"} + to_string(part) + "-" + state + "-"
               + safe_name(x.id);
  if (row != nullptr)
    now = std::max(now, row->stamp.job_timestamp + 1);
  for (auto i = 1; i <= most_job_ids; ++i) {
    job.id = i == 1 ? first : first + "-" + std::to_string(i);
    auto added = stores.queue.add({job}, now);
    if (!added)
      return std::move(added.error());
    if (stores.queue.existed() == 0)
      return ok;
    // An earlier repair added it. If it ended without a trace, try once more.
    auto fate = stores.census.fate_of(job.id);
    if (!fate)
      return std::move(fate.error());
    if (fate->place == job_place::queued)
      return ok;
  }
  return fail(ec::conflict, "job " + first + " was added several times, and "
                              + "left no trace in the catalog");
}

} // namespace

status mend_image(fsck_stores& stores, const audited_image& x,
                  const image_verdict& verdict, int64_t now) {
  if (verdict.which == drift_class::row_without_file) {
    stores.look_for_storage(); // its disk may have gone since
    if (!stores.storage)
      return fail(ec::storage_failed, stores.no_storage);
  }
  for (const auto& failure : verdict.fail) {
    auto stamp = failure.stamp;
    if (stamp.job_id.empty())
      stamp = {"fsck", now, 0};
    auto noted = stores.writer->fail_part(stamp, x.id, {}, failure.part,
                                          failure.why, now);
    if (!noted)
      return noted;
  }
  for (auto part : verdict.make)
    if (auto added = add_repair_job(stores, x, part, now); !added)
      return added;
  if (verdict.is_refreshed)
    return stores.writer->refresh(x.id, now);
  return ok;
}

} // namespace darkroom
