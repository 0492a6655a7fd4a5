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

  /// Names the vector space; only vectors of the same model can be compared.
  virtual const std::string& model() const = 0;

  /// Floats per vector.
  virtual uint32_t dimensions() const = 0;

  /// The vector of `text` (UTF-8), L2 norm 1.
  /// @param cancel null means never cancelled
  /// @returns ec::bad_input if the text has no word; for a provider, also the
  ///   errors of `http_client::send`
  virtual result<std::vector<float>>
  embed(const std::string& text, const std::atomic<bool>* cancel) = 0;
};

enum class embedder_kind { local, openai };

/// The kind that `cfg` asks for. @returns ec::bad_config for an unknown
/// provider
result<embedder_kind> embedder_kind_of(const embedding_settings& cfg);

/// The folder of the local encoder's weights: the one that `cfg` names, or else
/// the first default folder that has weights. Empty if there is none.
std::optional<std::string> weights_of(const embedding_settings& cfg);

/// The embedder that `cfg` asks for. `auto` means openai if a key or a base_url
/// is set, else local. Local means the sentence encoder if its weights are
/// found, else n-grams of words and characters.
/// @returns ec::bad_config for an unknown provider, or for weights that are
///   named and cannot be read
result<std::unique_ptr<text_embedder>>
make_embedder(const embedding_settings& cfg);

} // namespace darkroom
