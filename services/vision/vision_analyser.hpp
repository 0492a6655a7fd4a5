/// Says what a picture shows.
#pragma once

#include "config/settings.hpp"
#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/vision/vision_input.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace darkroom {

/// Implementations block and are not thread-safe: each processor has its own.
class vision_analyser {
public:
  virtual ~vision_analyser() = default;

  /// The model's name: "gpt-4o-mini", "local-opencv-1".
  virtual const std::string& model() const = 0;

  /// Everything but `generated_at`, which the caller sets.
  /// @param cancel null means never cancelled
  /// @returns ec::bad_input for unusable pixels; for a provider, the errors of
  ///   `http_client::send`, ec::upstream_failed if its answer cannot be used,
  ///   and ec::upstream_refused if the model declines
  virtual result<image_metadata>
  describe(const vision_input& picture, const std::atomic<bool>* cancel) = 0;
};

struct vision_model {
  std::string name;        ///< equal if the same model is asked
  bool is_default = false; ///< no setting chose it
};

/// Which model `make_vision` would use.
vision_model vision_identity(const vision_settings& cfg);

/// The analyser that `cfg` asks for. `auto` means openai if a key or a base_url
/// is set, else local.
/// @returns ec::bad_config for an unknown provider, or for cascades that are
///   named and cannot be read
result<std::unique_ptr<vision_analyser>>
make_vision(const vision_settings& cfg);

} // namespace darkroom
