#include "nodes/api/search_json.hpp"

#include "services/catalog/image_json.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

json to_json(const searched_for& x) {
  return {{"space", x.space.model.empty() ? json() : json(to_string(x.space))},
          {"vectors", x.vectors},
          {"texts", x.texts},
          {"allowed", x.allowed < 0 ? json() : json(x.allowed)},
          {"note", x.note.empty() ? json() : json(x.note)}};
}

} // namespace

json to_json(const search_page& page) {
  auto hits = json::array();
  for (const auto& x : page.hits)
    hits.push_back(
      {{"image", to_json(x.image)},
       {"score", x.score},
       {"similarity", x.similarity ? json(*x.similarity) : json()},
       {"wordRank", x.word_rank > 0 ? json(x.word_rank) : json()}});
  return {{"hits", std::move(hits)},
          {"total", page.total},
          {"searched", to_json(page.searched)}};
}

json to_json(const duplicate_page& page) {
  auto groups = json::array();
  for (const auto& group : page.groups) {
    auto images = json::array();
    for (size_t i = 0; i < group.pictures.size(); ++i)
      images.push_back({{"image", to_json(group.pictures[i].image)},
                        {"distance", group.distances[i]}});
    groups.push_back({{"count", group.count}, {"images", std::move(images)}});
  }
  return {{"groups", std::move(groups)},
          {"total", page.total},
          {"pictures", page.pictures}};
}

} // namespace darkroom
