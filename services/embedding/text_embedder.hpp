/// Turns text into a vector for search.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Implementations block and are thread-safe: processors share one.
class text_embedder {
public:
  virtual ~text_embedder() = default;

  /// Names the space the vectors lie in; only vectors of one model compare.
  virtual const std::string& model() const = 0;

  /// Floats a vector.
  virtual uint32_t dimensions() const = 0;

  /// The vector of `text` (UTF-8), L2 norm 1.
  /// @param cancel null = never cancelled
  /// @returns ec::bad_input for text without a word; a provider's errors as
  ///   `http_client::send`
  virtual result<std::vector<float>>
  embed(const std::string& text, const std::atomic<bool>* cancel) = 0;
};

enum class embedder_kind { local, openai };

/// Which one `cfg` asks for. @returns ec::bad_config for an unknown provider
result<embedder_kind> embedder_kind_of(const embedding_settings& cfg);

/// The folder of the local encoder's weights: the one that is named, or one of
/// those where they are looked for. Nothing where there are none.
std::optional<std::string> weights_of(const embedding_settings& cfg);

/// The embedder that `cfg` asks for. `auto` is openai where a key or a base_url
/// is set, else local: the sentence encoder where its weights are found, else
/// word and character n-grams.
/// @returns ec::bad_config for an unknown provider, or weights that were named
///   and cannot be read
result<std::unique_ptr<text_embedder>>
make_embedder(const embedding_settings& cfg);

} // namespace darkroom
