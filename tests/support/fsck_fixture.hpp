/// A reconciler on a real catalog, Redis and uploads folder, which a test
/// brings out of step.
#pragma once

#include "config/clock.hpp"
#include "services/catalog/image_book.hpp"
#include "services/fsck/reconciler.hpp"
#include "services/json/json.hpp"
#include "services/random/random_id.hpp"
#include "services/redis/job_queue.hpp"
#include "services/storage/names.hpp"
#include "tests/support/catalog_fixture.hpp"
#include "tests/support/queue_look.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

/// Everything happens at `before`, and is looked at five minutes later.
/// @tparam Place of the catalog, see catalog_place.hpp
template <class Place>
struct fsck_fixture : catalog_fixture<Place>, queue_look {
  using base = catalog_fixture<Place>;

  fsck_fixture() {
    config.redis = test::shared_redis().settings();
    config.queue.name = "q";
    config.queue.limit_max = 0;
    config.catalog = base::cfg;
    config.storage.uploads = folder / "uploads";
    std::filesystem::create_directories(config.storage.uploads);
    queue = std::make_unique<job_queue>(config.redis, config.queue);
  }

  // -- files

  std::string path_of(const std::string& name) const {
    return config.storage.uploads + "/" + name;
  }

  bool is_there(const std::string& name) const {
    return std::filesystem::exists(path_of(name));
  }

  void put_file(const std::string& name) const {
    auto to = std::filesystem::path{path_of(name)};
    std::filesystem::create_directories(to.parent_path());
    test::write_file(to, "x");
  }

  void drop_file(const std::string& name) const {
    std::filesystem::remove(path_of(name));
  }

  // -- images

  static std::string original_of(const std::string& image) {
    return original_name(image, "jpg");
  }

  static std::string data_of(const std::string& image) {
    return write_json({{"imageId", image}, {"filePath", original_of(image)}});
  }

  static new_job job_of(const std::string& image, image_part part) {
    new_job job;
    job.id = image + "-" + to_string(part);
    job.name = makers()[static_cast<size_t>(part)];
    job.data = data_of(image);
    job.options = "{}";
    return job;
  }

  static std::vector<new_job> upload_jobs(const std::string& image) {
    return {job_of(image, image_part::metadata),
            job_of(image, image_part::variants)};
  }

  /// Stores a picture and its row; its jobs are in the outbox.
  std::string store() {
    auto image = random_id();
    put_file(original_of(image));
    new_image x;
    x.id = image;
    x.file_path = original_of(image);
    x.sha256 = image;
    x.jobs = upload_jobs(image);
    must(book.add(
      {{}, image, {x}}, before, [](const auto&) { return ok; },
      [](const auto&) { return kept_answer{}; }));
    return image;
  }

  /// An upload whose jobs wait.
  std::string upload() {
    auto image = store();
    must(queue->add(upload_jobs(image), before));
    must(book.added(upload_jobs(image)));
    return image;
  }

  void remove_job(const std::string& id) {
    raw({"LREM", P + "wait", "0", id});
    raw({"DEL", P + id});
  }

  static attempt_stamp stamp_of(const std::string& image, image_part part,
                                int64_t at) {
    return {image + "-" + to_string(part), at, 1};
  }

  void begin(const std::string& image, image_part part) {
    must(base::db.begin_part(stamp_of(image, part, before), image,
                             original_of(image), part, before));
  }

  /// The rows that a part's job leaves.
  image_commit rows_of(const std::string& image, image_part part) {
    auto stamp = stamp_of(image, part, before);
    auto rows = part == image_part::metadata ? base::metadata(stamp, "a cat")
                : part == image_part::variants
                  ? base::variants(stamp, 1)
                  : base::embedding(stamp, {1.0F, 0.0F});
    rows.image_id = image;
    rows.file_path = original_of(image);
    for (auto& x : rows.variants) {
      x.file_path = variant_name(image, x.variant_type, x.format);
      put_file(x.file_path);
    }
    return rows;
  }

  void commit(const std::string& image, image_part part) {
    must(base::db.commit(rows_of(image, part), before, {}));
  }

  /// An image all of whose jobs are done and forgotten.
  std::string complete() {
    auto image = upload();
    for (auto part : all_image_parts()) {
      commit(image, part);
      remove_job(image + "-" + to_string(part));
    }
    return image;
  }

  std::string status_of(const std::string& image) {
    return must(base::reader.image(image)).status;
  }

  /// Writes to the catalog as no job does, also what foreign keys forbid.
  void write(const std::string& sql) {
    auto db = must(database::open(base::cfg, access::read_write,
                                  [](database&) -> status { return ok; }));
    must(db.execute(std::string{Place::without_keys} + sql));
  }

  // -- the reconciler

  static part_makers makers() {
    return {"generate-metadata", "generate-variants", "generate-embeddings"};
  }

  std::unique_ptr<reconciler> make(bool repairs,
                                   per_drift<bool> wanted = every_drift()) {
    fsck_options options;
    options.repairs = repairs;
    options.wanted = wanted;
    options.between_looks = std::chrono::milliseconds{0};
    options.before_job_fails = std::chrono::milliseconds{0};
    options.now = [this] {
      return clock;
    };
    return std::make_unique<reconciler>(
      must(fsck_stores::open(config, makers(), repairs)), options);
  }

  /// "stuck-processing 2 of 2, …": how many were repaired of those found; empty
  /// if all agrees.
  static std::string told(const drift_report& report) {
    std::string out;
    for (auto which : all_drift_classes())
      if (const auto& x = report.at(which); x.found > 0)
        out += (out.empty() ? "" : ", ") + std::string{to_string(which)} + " "
               + std::to_string(x.repaired) + " of " + std::to_string(x.found);
    return out;
  }

  std::string found() {
    return told(must(make(false)->all()));
  }

  std::string repaired() {
    auto report = must(make(true)->all());
    for (const auto& x : report.classes)
      if (!x.trouble.empty())
        CAF_MESSAGE(x.trouble);
    return told(report);
  }

  /// What is found first, what is then repaired, and what is found afterwards.
  strings cured() {
    return {found(), repaired(), found()};
  }

  settings config;
  scratch_folder folder;
  int64_t clock = wall_clock_ms() + 600'000; ///< of files, too: they are older
  int64_t before = clock - 300'000;
  image_book book = must(image_book::open(base::cfg, "bull:q:"));
  std::unique_ptr<job_queue> queue;
};

} // namespace darkroom
