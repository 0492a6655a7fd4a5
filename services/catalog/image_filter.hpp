/// Which images a list or a search is about.
#pragma once

#include "services/catalog/database.hpp"

#include <cstdint>
#include <limits>
#include <string>

namespace darkroom {

/// Empty texts do not filter. Times are ms since the epoch.
struct image_filter {
  std::string status;
  std::string tag;
  std::string category;
  std::string mood; ///< one of the moods, which commas separate
  int64_t after = std::numeric_limits<int64_t>::min();  ///< added at or after
  int64_t before = std::numeric_limits<int64_t>::max(); ///< added before
  /// An expression of words.hpp that the description fits; empty: any.
  std::string words;
};

/// Whether the filter leaves out any image. `words` do not count, as the search
/// for words applies them.
bool is_narrow(const image_filter& filter);

/// The condition for rows of `images AS i`. Uses the parameters `$1` to `$6`,
/// which `bind_filter` binds first.
extern const char* const filter_condition;

void bind_filter(statement& query, const image_filter& filter);

} // namespace darkroom
