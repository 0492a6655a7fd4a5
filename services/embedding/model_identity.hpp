/// Which embedding model a node has, without loading it.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <string>

namespace darkroom {

struct model_identity {
  std::string name;         ///< equal where the same text gives the same vector
  std::string where;        ///< the weights' folder; empty: none
  bool is_default = false;  ///< no setting asks for it
  bool has_weights = false; ///< of a local model
};

/// Of the embedder that `make_embedder` would make. Reads all weights of a
/// local model once (28 MB), for their hash.
/// @returns ec::bad_config as `make_embedder`
result<model_identity> embedding_identity(const embedding_settings& cfg);

} // namespace darkroom
