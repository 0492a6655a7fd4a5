/// Turns what people search for into a vector of the searched space.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/catalog/vector_space.hpp"
#include "services/embedding/shared_embedder.hpp"
#include "services/provider/provider_desk.hpp"

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

/// Makes the desk that permits the calls of one query.
using desk_maker = std::function<std::unique_ptr<provider_desk>()>;

/// Thread-safe. Keeps the vectors of the last queries, so that further pages of
/// a result neither wait for a provider nor cost anything.
class query_embedder {
public:
  /// @param cfg the provider's; a query waits for it for 5 s at most
  /// @param make_desk is called from the threads of `embed`
  query_embedder(embedding_settings cfg, desk_maker make_desk);

  /// Uses the provider of these settings from now on.
  void use(embedding_settings cfg);

  /// The vector of a text, L2 norm 1.
  /// @returns ec::bad_config if this node cannot make vectors of the space;
  ///   also the errors of `text_embedder::embed_for_search`
  result<std::vector<float>> embed(const std::string& text,
                                   const vector_space& space);

private:
  result<std::vector<float>> make(const std::string& text,
                                  const vector_space& space);

  desk_maker make_desk_;
  std::mutex mutex_; ///< guards the two below
  std::shared_ptr<shared_embedder> embedders_;
  std::list<std::pair<std::string, std::vector<float>>> kept_; ///< newest first
};

} // namespace darkroom
