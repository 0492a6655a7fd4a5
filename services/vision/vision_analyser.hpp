/// Says what is on a picture.
#pragma once

#include "config/settings.hpp"
#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/vision/vision_input.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace darkroom {

/// Implementations block and are not thread-safe: one a processor.
class vision_analyser {
public:
  virtual ~vision_analyser() = default;

  /// Who speaks: "gpt-4o-mini", "local-opencv-1".
  virtual const std::string& model() const = 0;

  /// Everything but `generated_at`, which the caller sets.
  /// @param cancel null = never cancelled
  /// @returns ec::bad_input for pixels that are none; a provider's errors as
  ///   `http_client::send`; ec::upstream_failed for an answer that cannot be
  ///   used, ec::upstream_refused if the model declines
  virtual result<image_metadata>
  describe(const vision_input& picture, const std::atomic<bool>* cancel) = 0;
};

struct vision_model {
  std::string name;        ///< equal where the same model is asked
  bool is_default = false; ///< no setting asks for it
};

/// Which model `make_vision` would make use of.
vision_model vision_identity(const vision_settings& cfg);

/// The analyser that `cfg` asks for. `auto` is openai where a key or a base_url
/// is set, else local.
/// @returns ec::bad_config for an unknown provider, or cascades that were named
///   and cannot be read
result<std::unique_ptr<vision_analyser>>
make_vision(const vision_settings& cfg);

} // namespace darkroom
