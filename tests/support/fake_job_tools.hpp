/// A picture job with a fake codec and a fake storage, which answer what the
/// test says and record their requests.
#pragma once

#include "actors/jobs/job_tools.hpp"
#include "actors/jobs/job_type.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

struct fake_codec : picture_codec {
  std::optional<error> failure; ///< the answer to every request
  picture_analysis analysis;
  std::vector<encoded_variant> encoded;
  std::function<void()> on_request; ///< called while a request runs
  std::vector<std::string> paths;
  variant_wishes wishes; ///< of the latest request for variants
  int cancels = 0;

  result<picture_analysis> analyse(const std::string& path,
                                   time_point deadline) override;
  result<std::vector<encoded_variant>>
  variants(const std::string& path, time_point deadline,
           const variant_wishes& wishes) override;
  status crash(time_point deadline) override;
  status hang(time_point deadline) override;
  void cancel() override;

private:
  status answer(const std::string& path);
};

/// What a storage was asked to do.
struct storage_log {
  std::vector<std::string> staged; ///< final names of the staged files
  std::vector<std::string> links;  ///< those that are links
  std::vector<attempt_stamp> stamps;
  int removals = 0;
  size_t room = 100; ///< how many files fit on the disk
  bool has_links = true;
};

struct fake_storage : attempt_storage {
  std::shared_ptr<storage_log> log = std::make_shared<storage_log>();

  const std::string& root() const override;
  result<std::string> resolve(const std::string& name) const override;
  result<staged_file> stage(const std::string& final_name,
                            const attempt_stamp& stamp,
                            std::string_view bytes) const override;
  result<staged_file> stage_same(const std::string& final_name,
                                 const attempt_stamp& stamp,
                                 const staged_file& same) const override;
  status remove_attempt(const std::string& image_id,
                        const attempt_stamp& stamp) const override;
};

/// A run of one job that needs tools.
struct job_fixture {
  settings config;
  job work;
  run_control control;
  std::vector<std::string> progress;
  std::optional<int64_t> call_wait = 0; ///< the answer to a booking
  int calls = 0;
  shared_embedder::factory make_embedder;
  fake_codec* codec = nullptr; ///< of the run's tools
  std::shared_ptr<storage_log> files;
  std::unique_ptr<job_tools> tools;

  /// The analyser is local; the job is the second attempt of job "7".
  explicit job_fixture(const std::string& job_name);

  /// Makes the tools from `config`.
  void prepare();

  outcome run();

  /// Runs the job with a codec that fails with this code.
  outcome run_with_codec_error(ec code);

  /// Runs the job and cancels it while the codec works.
  outcome run_and_cancel();
};

} // namespace darkroom
