#include "config/nearest.hpp"

#include <algorithm>

namespace darkroom {

namespace {

/// Optimal string alignment distance.
size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1,
                                        std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i)
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      auto replace = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  return cost[a.size()][b.size()];
}

} // namespace

std::string nearest(std::string_view name,
                    const std::vector<std::string>& candidates) {
  std::string best;
  auto limit = std::max<size_t>(2, name.size() / 3);
  for (const auto& candidate : candidates) {
    auto distance = edits(name, candidate);
    if (distance > limit || distance >= candidate.size())
      continue;
    if (best.empty() || distance < edits(name, best))
      best = candidate;
  }
  return best;
}

std::string suggestion(std::string_view name,
                       const std::vector<std::string>& candidates) {
  auto best = nearest(name, candidates);
  return best.empty() ? "" : "; did you mean '" + best + "'?";
}

} // namespace darkroom
