/// What a provider of embeddings answers.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// The vector at data[0].embedding, scaled to an L2 norm of 1.
/// @param body of the HTTP answer
/// @returns ec::upstream_failed (worth another try) where there is none, or not
///   of as many finite floats as cfg.dimensions asks for
result<std::vector<float>> read_embedding(const std::string& body,
                                          const embedding_settings& cfg);

} // namespace darkroom
