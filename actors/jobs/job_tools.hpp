/// What a processor's jobs work with: its codec process, the analysers, the
/// uploads folder.
#pragma once

#include "config/settings.hpp"
#include "services/codec/codec_client.hpp"
#include "services/embedding/shared_embedder.hpp"
#include "services/storage/local_storage.hpp"
#include "services/vision/vision_analyser.hpp"

#include <memory>
#include <string>
#include <vector>

namespace darkroom {

/// Belongs to one processor and its thread; the embedder is shared by all of a
/// node, because its weights take 45 MB.
class job_tools {
public:
  /// @returns what is wrong with the settings or the uploads folder
  static result<std::unique_ptr<job_tools>>
  make(const settings& config, std::shared_ptr<shared_embedder> embedder);

  /// Who describes pictures, made at the first call: loading what finds faces
  /// takes longer than most jobs that need none.
  /// @returns what is wrong with the settings
  result<vision_analyser*> vision();

  /// A text that leaves this machine: without the folders in which it keeps
  /// pictures, programs and weights.
  std::string without_places(std::string text) const;

  codec_client codec;
  local_storage storage;
  std::shared_ptr<shared_embedder> embedder;
  worker_settings limits;
  std::chrono::milliseconds call_slack; ///< half of `[limits] slack`
  std::string chained_options; ///< BullMQ options of jobs that jobs add

private:
  job_tools(const settings& config, local_storage opened,
            std::shared_ptr<shared_embedder> embedding);

  vision_settings vision_settings_;
  std::vector<std::string> places_; ///< folders that are nobody's business
  std::unique_ptr<vision_analyser> vision_; ///< null before the first call
};

} // namespace darkroom
