#include "nodes/dev/sample_run.hpp"

#include "actors/jobs/job_type.hpp"
#include "config/clock.hpp"
#include "config/file_text.hpp"
#include "nodes/command.hpp"
#include "services/catalog/catalog.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/json/json.hpp"
#include "services/redis/job_options.hpp"
#include "services/redis/job_queue.hpp"
#include "services/storage/names.hpp"
#include "services/storage/open_storage.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

constexpr auto sample_time = std::chrono::minutes{10};

struct sample {
  std::string image_id;
  std::string file_path;
};

bool is_picture(const fs::path& path) {
  std::error_code ignored;
  auto end = path.extension().string();
  auto is_named_so = end == ".jpg" || end == ".jpeg" || end == ".png"
                     || end == ".webp" || end == ".gif";
  return is_named_so && !fs::is_directory(path, ignored);
}

result<sample> import(const image_storage& storage, const fs::path& path) {
  auto bytes = file_text(path);
  if (!bytes)
    return fail(ec::bad_input,
                "the picture '" + path.string()
                  + "' cannot be read: " + bytes.error().context);
  sample out;
  out.image_id = path.stem().string();
  out.file_path = original_name(out.image_id,
                                path.extension().string().substr(1));
  auto written = storage.add_original(out.file_path, *bytes);
  if (!written)
    return std::move(written.error());
  return out;
}

result<std::vector<sample>> import_all(const settings& config,
                                       const std::string& folder) {
  auto storage = open_storage(config.storage);
  if (!storage)
    return std::move(storage.error());
  std::vector<fs::path> paths;
  std::error_code failure;
  for (fs::directory_iterator at{folder, failure}, end; !failure && at != end;
       at.increment(failure))
    if (is_picture(at->path()))
      paths.push_back(at->path());
  if (failure || paths.empty())
    return fail(ec::bad_input, "there are no pictures in the folder '" + folder
                                 + "' (jpg, png, webp, gif)");
  std::sort(paths.begin(), paths.end());
  std::vector<sample> out;
  for (const auto& path : paths) {
    auto imported = import(**storage, path);
    if (!imported)
      return std::move(imported.error());
    out.push_back(std::move(*imported));
  }
  return out;
}

status add_jobs(const settings& config, const std::vector<sample>& samples) {
  auto rows = catalog::open(config.catalog);
  if (!rows)
    return std::move(rows.error());
  std::vector<new_job> jobs;
  const auto options = default_job_options(config.jobs);
  for (const auto& x : samples) {
    auto known = rows->ensure_image(x.image_id, x.file_path, wall_clock_ms());
    if (!known)
      return known;
    new_job job;
    job.data = write_json({{"imageId", x.image_id}, {"filePath", x.file_path}});
    job.options = options;
    for (const auto* type : upload_job_types()) {
      job.name = type->name;
      jobs.push_back(job);
    }
  }
  job_queue queue{config.redis, config.queue};
  auto ids = queue.add(jobs, wall_clock_ms());
  if (!ids)
    return std::move(ids.error());
  return ok;
}

bool is_part_ended(const image_record& image, image_part part, int64_t since) {
  return std::any_of(image.parts.begin(), image.parts.end(), [&](auto& x) {
    return x.part == part && x.updated_at >= since
           && (x.status == "completed" || x.status == "failed");
  });
}

/// Whether all parts ended after `since`. If a part failed, the parts that
/// depend on it may never begin.
bool is_done(const image_record& image, int64_t since) {
  auto has_failed = image.status == "failed";
  for (auto part : all_image_parts())
    if (!is_part_ended(image, part, since)
        && !(has_failed && rules_of(part).is_chained))
      return false;
  return true;
}

void print_image(const image_record& image) {
  std::printf("\n%-20s %s%s\n", image.id.c_str(), image.status.c_str(),
              image.error.empty() ? "" : (": " + image.error).c_str());
  for (const auto& x : image.variants)
    std::printf("  %-3s %-5s %5u x %-5u %8.1f KB  %s\n",
                x.variant.variant_type.c_str(), x.variant.format.c_str(),
                x.variant.width, x.variant.height,
                static_cast<double>(x.variant.file_size) / 1024.0,
                x.variant.file_path.c_str());
  if (image.metadata)
    std::printf("  %s (%s)\n", image.metadata->description.c_str(),
                image.metadata->model.c_str());
  if (image.embedding)
    std::printf("  embedding: %s, %u numbers\n",
                image.embedding->space.model.c_str(),
                image.embedding->space.dimensions);
  std::fflush(stdout);
}

} // namespace

result<bool> run_samples(const settings& config, const std::string& folder,
                         const std::atomic<bool>& stop) {
  auto since = wall_clock_ms();
  auto samples = import_all(config, folder);
  if (!samples)
    return std::move(samples.error());
  auto added = add_jobs(config, *samples);
  if (!added)
    return std::move(added.error());
  std::printf("Processing %zu sample pictures:\n", samples->size());
  auto reader = catalog_reader::open(config.catalog);
  if (!reader)
    return std::move(reader.error());
  auto deadline = std::chrono::steady_clock::now() + sample_time;
  bool all_completed = true;
  for (const auto& x : *samples) {
    for (;;) {
      auto image = reader->image(x.image_id);
      if (image && is_done(*image, since)) {
        all_completed = all_completed && image->status == "completed"
                        && image->variants.size() == 6;
        print_image(*image);
        break;
      }
      if (stop)
        return fail(ec::cancelled, "stopped before the samples were done");
      if (std::chrono::steady_clock::now() > deadline)
        return fail(ec::timed_out,
                    "image " + x.image_id + " was not done within 10 minutes");
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
  }
  return all_completed;
}

} // namespace darkroom
