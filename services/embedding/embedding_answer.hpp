/// Reads the answer of a provider of embeddings.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// The vector at data[0].embedding, scaled to an L2 norm of 1.
/// @param body of the HTTP answer
/// @returns ec::upstream_failed (worth another try) if there is no vector, or
///   it does not consist of cfg.dimensions finite floats
result<std::vector<float>> read_embedding(const std::string& body,
                                          const embedding_settings& cfg);

} // namespace darkroom
