/// The tools of a processor's jobs: its codec process, the analysers, the
/// uploads folder.
#pragma once

#include "config/settings.hpp"
#include "services/codec/codec_budget.hpp"
#include "services/codec/picture_codec.hpp"
#include "services/embedding/shared_embedder.hpp"
#include "services/storage/attempt_storage.hpp"
#include "services/vision/local_models.hpp"
#include "services/vision/vision_analyser.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

/// Belongs to one processor and its thread. All processors of a node share the
/// embedder and the local analyser's models, because these take 45 MB and 77
/// MB, and the budget of their codec processes.
class job_tools {
public:
  /// Tools with a codec process and the uploads folder of this machine.
  /// @param models null means its own
  /// @returns what is wrong with the settings or the uploads folder
  static result<std::unique_ptr<job_tools>>
  make(const settings& config, std::shared_ptr<shared_embedder> embedder,
       std::shared_ptr<codec_budget> budget = nullptr,
       std::shared_ptr<shared_models> models = nullptr);

  job_tools(const settings& config, std::unique_ptr<picture_codec> codec,
            std::unique_ptr<attempt_storage> storage,
            std::shared_ptr<shared_embedder> embedder,
            std::shared_ptr<shared_models> models = nullptr);

  /// The analyser that describes pictures. The first call makes it, because
  /// loading models takes longer than most jobs that do not need an analyser.
  /// @returns what is wrong with the settings
  result<vision_analyser*> vision();

  /// Removes this machine's folders of pictures, programs and weights from a
  /// text that leaves the machine.
  std::string without_places(std::string text) const;

  std::unique_ptr<picture_codec> codec;     ///< never null
  std::unique_ptr<attempt_storage> storage; ///< never null
  std::shared_ptr<shared_embedder> embedder;
  worker_settings limits;
  std::chrono::milliseconds call_slack; ///< half of `[limits] slack`
  imaging_settings imaging;
  std::string chained_options; ///< BullMQ options of chained jobs
  /// Whether the settings have changed since, so that the next job needs new
  /// tools. Empty: they never change.
  std::function<bool()> are_outdated = {};

private:
  vision_settings vision_settings_;
  std::shared_ptr<shared_models> models_; ///< never null
  std::vector<std::string> places_;       ///< folders that texts must not name
  std::unique_ptr<vision_analyser> vision_; ///< null before the first call
};

} // namespace darkroom
