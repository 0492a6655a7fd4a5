/// Tells which embedding model a node has, without loading it.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <string>

namespace darkroom {

struct model_identity {
  std::string name;         ///< equal if the same text gives the same vector
  std::string where;        ///< folder of the weights; empty if there are none
  bool is_default = false;  ///< no setting chose it
  bool has_weights = false; ///< for a local model
};

/// The identity of the embedder that `make_embedder` would make. Reads all
/// weights of a local model once (28 MB), to hash them.
/// @returns the errors of `make_embedder`
result<model_identity> embedding_identity(const embedding_settings& cfg);

} // namespace darkroom
