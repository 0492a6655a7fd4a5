/// A part of a list of hits or groups.
#pragma once

#include <cstdint>

namespace darkroom {

inline constexpr int64_t usual_page = 20;
inline constexpr int64_t longest_page = 100;
inline constexpr int64_t last_offset = 100000;

struct page_bounds {
  int64_t limit = usual_page;
  int64_t offset = 0;
};

} // namespace darkroom
