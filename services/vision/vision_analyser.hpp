/// Says what a picture shows.
#pragma once

#include "config/settings.hpp"
#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/provider/model_use.hpp"
#include "services/provider/provider_desk.hpp"
#include "services/vision/vision_input.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace darkroom {

struct described_picture {
  image_metadata metadata; ///< without `generated_at`
  model_use use;
};

/// Implementations block and are not thread-safe: each processor has its own.
class vision_analyser {
public:
  virtual ~vision_analyser() = default;

  /// The model's name: "gpt-4o-mini", "local-2 (objects, faces, text)".
  virtual const std::string& model() const = 0;

  /// Everything but `generated_at`, which the caller sets.
  /// @param cancel null means never cancelled
  /// @returns ec::bad_input for unusable pixels; for a provider, the errors of
  ///   `ask_provider`
  virtual result<image_metadata>
  describe(const vision_input& picture, const std::atomic<bool>* cancel) = 0;

  /// The same for a job, whose desk permits each call to a provider. Local
  /// models ask nobody.
  virtual result<described_picture>
  describe_for_job(const vision_input& picture, provider_desk& desk,
                   const std::atomic<bool>* cancel);
};

struct vision_model {
  std::string name; ///< equal if the same model is asked
  bool is_local = false;
  bool is_default = false; ///< no setting chose it
  std::string where;       ///< folder of a local model; empty if there is none
};

/// Which model `make_vision` would use.
vision_model vision_identity(const vision_settings& cfg);

class shared_models;

/// The analyser that `cfg` asks for: its list of providers, see `providers_of`.
/// `auto` means openai if a key or a base_url is set, else local.
/// @param models of the node; only loaded for the local analyser
/// @returns ec::bad_config for an unknown provider, or for models that cannot
///   be used
result<std::unique_ptr<vision_analyser>> make_vision(const vision_settings& cfg,
                                                     shared_models& models);

} // namespace darkroom
