/// A picture job with a fake codec and a fake storage, which answer what the
/// test says and record their requests.
#pragma once

#include "actors/jobs/job_tools.hpp"
#include "actors/jobs/job_type.hpp"
#include "services/provider/open_desk.hpp"

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
  std::vector<uint32_t> vision_edges; ///< of every analysis
  variant_origin origin; ///< of every picture; hashed if that is wished
  raw_picture small{1, 1, {255, 0, 0}};
  variant_wishes wishes; ///< of the latest request for variants
  int cancels = 0;
  int encodes = 0; ///< pictures of which files were made

  result<picture_analysis> analyse(const std::string& path, time_point deadline,
                                   uint32_t vision_edge) override;
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
  std::vector<std::string> known;  ///< files of other images that are used
  std::vector<attempt_stamp> stamps;
  int removals = 0;
  size_t room = 100; ///< how many files fit on the disk
  bool has_links = true;
  std::vector<std::string> gone; ///< files of other images that are not there
};

struct fake_storage : attempt_storage {
  std::shared_ptr<storage_log> log = std::make_shared<storage_log>();

  const std::string& root() const override;
  status check_name(const std::string& name) const override;
  result<original_file> fetch(const std::string& name,
                              const std::atomic<bool>* cancel) const override;
  result<staged_file> stage(const std::string& final_name,
                            const attempt_stamp& stamp,
                            std::string_view bytes) const override;
  result<staged_file> stage_same(const std::string& final_name,
                                 const attempt_stamp& stamp,
                                 const staged_file& same) const override;
  result<staged_file>
  stage_known(const std::string& final_name, const attempt_stamp& stamp,
              const std::string& known, uint64_t bytes) const override;
  status remove_attempt(const std::string& image_id,
                        const attempt_stamp& stamp) const override;
};

/// A run of one job that needs tools.
struct job_fixture {
  settings config;
  job work;
  run_control control;
  std::vector<std::string> progress;
  open_desk desk;
  std::optional<known_result> known; ///< the answer to a query
  std::vector<result_query> queries;
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
