/// Turns text into a vector for search.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/provider/model_use.hpp"
#include "services/provider/provider_desk.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

struct embedded_text {
  std::vector<float> vector; ///< L2 norm 1
  model_use use;             ///< `use.model` names the vector space
};

/// Implementations block and are thread-safe: processors share one.
class text_embedder {
public:
  virtual ~text_embedder() = default;

  /// Only vectors of the same host, model and length can be compared.
  virtual const std::string& model() const = 0;

  /// Who computes the vectors: the provider's host, with its port if the URL
  /// names one; "local" for models that run here.
  const std::string& host() const {
    return host_;
  }

  /// For its maker, before anybody else has it.
  void set_host(std::string host) {
    host_ = std::move(host);
  }

  /// Floats per vector.
  virtual uint32_t dimensions() const = 0;

  /// The vector of `text` (UTF-8) for the catalog.
  /// @param desk permits each call to a provider. Local models ask nobody
  /// @param cancel null means never cancelled
  /// @returns ec::bad_input if the text has no word; for a provider, also the
  ///   errors of `ask_provider`
  virtual result<embedded_text> embed_for_job(const std::string& text,
                                              provider_desk& desk,
                                              const std::atomic<bool>* cancel)
    = 0;

  /// The vector of what somebody searches for. Of a list of providers, only the
  /// preferred one is asked, because the vectors of others cannot be compared
  /// with its own.
  virtual result<embedded_text>
  embed_for_search(const std::string& text, provider_desk& desk,
                   const std::atomic<bool>* cancel)
    = 0;

private:
  std::string host_ = "local";
};

/// A model that runs here: pictures and searches are the same to it.
class local_embedder : public text_embedder {
public:
  /// The vector of `text` (UTF-8), L2 norm 1.
  /// @returns ec::bad_input if the text has no word
  virtual result<std::vector<float>>
  embed(const std::string& text, const std::atomic<bool>* cancel) = 0;

  result<embedded_text> embed_for_job(const std::string& text,
                                      provider_desk& desk,
                                      const std::atomic<bool>* cancel) override;

  result<embedded_text>
  embed_for_search(const std::string& text, provider_desk& desk,
                   const std::atomic<bool>* cancel) override;
};

enum class embedder_kind { local, openai };

/// The kind of the preferred provider of `cfg`. @returns ec::bad_config for an
/// unknown provider
result<embedder_kind> embedder_kind_of(const embedding_settings& cfg);

/// The folder of the local encoder's weights: the one that `cfg` names, or else
/// the first default folder that has weights. Empty if there is none.
std::optional<std::string> weights_of(const embedding_settings& cfg);

/// The embedder that `cfg` asks for: its list of providers, see `providers_of`.
/// `auto` means openai if a key or a base_url is set, else local. Local means
/// the sentence encoder if its weights are found, else n-grams of words and
/// characters.
/// @returns ec::bad_config for an unknown provider, or for weights that are
///   named and cannot be read
result<std::unique_ptr<text_embedder>>
make_embedder(const embedding_settings& cfg);

/// The embedder of this model: the one that `cfg` asks for if that has this
/// model or `model` is empty, a local one, or the provider's.
/// @returns ec::bad_config if there is no such model here and no provider
result<std::unique_ptr<text_embedder>>
make_embedder(const embedding_settings& cfg, const std::string& model);

} // namespace darkroom
