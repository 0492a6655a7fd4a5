#include "services/search/rank_fusion.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace darkroom {

std::vector<fused_hit>
fuse_ranks(const std::vector<std::vector<std::string>>& lists) {
  std::vector<fused_hit> out;
  std::unordered_map<std::string, size_t> places;
  for (size_t list = 0; list < lists.size(); ++list)
    for (size_t i = 0; i < lists[list].size(); ++i) {
      const auto& id = lists[list][i];
      auto [found, is_new] = places.emplace(id, out.size());
      if (is_new)
        out.push_back({id, 0, std::vector<size_t>(lists.size())});
      auto& hit = out[found->second];
      hit.ranks[list] = i + 1;
      hit.score += 1 / (fusion_constant + static_cast<double>(i + 1));
    }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.score != b.score ? a.score > b.score : a.id < b.id;
  });
  return out;
}

} // namespace darkroom
