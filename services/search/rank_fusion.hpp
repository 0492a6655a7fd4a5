/// Makes one order of several, such as those by words and by vectors.
#pragma once

#include <string>
#include <vector>

namespace darkroom {

/// Reciprocal rank fusion adds 1 / (60 + rank) over the lists, ranks counted
/// from 1. Scores of different kinds need not be compared for that. 60 is the
/// value of its paper (Cormack, Clarke, Büttcher, SIGIR 2009): the first places
/// of one list do not outweigh agreement of both.
inline constexpr double fusion_constant = 60;

struct fused_hit {
  std::string id;
  double score = 0;
  std::vector<size_t> ranks; ///< in each list, from 1; 0 = not in it
};

/// All ids of the lists, best first, equal scores by id. An id may be only once
/// in each list.
std::vector<fused_hit>
fuse_ranks(const std::vector<std::vector<std::string>>& lists);

} // namespace darkroom
