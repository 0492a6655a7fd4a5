/// Results of searches in the form of the HTTP API.
#pragma once

#include "services/search/picture_search.hpp"

#include <nlohmann/json.hpp>

namespace darkroom {

/// {hits: [{image, score, similarity, wordRank}], total,
/// searched{space, vectors, texts, allowed, note}}
nlohmann::json to_json(const search_page& page);

/// {groups: [{count, images: [{image, distance}]}], total, pictures}
nlohmann::json to_json(const duplicate_page& page);

} // namespace darkroom
