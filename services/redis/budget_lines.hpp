/// What is used up of the budget, for the command, the API and the page.
#pragma once

#include "config/settings.hpp"
#include "services/redis/provider_book.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// One bound of one scope.
struct budget_line {
  std::string scope; ///< "vision", "embedding", "total"
  std::string kind;  ///< "requests", "tokens", "money"
  double used = 0;
  double most = 0; ///< 0 = no bound
};

/// All nine, in the order of [budget].
std::vector<budget_line> budget_lines(const budget_settings& budget,
                                      const day_spending& spent);

/// When the bound is reached if the day goes on like this, ms; 0: not today.
/// @param now ms since the epoch
int64_t runs_out_at(const budget_line& x, int64_t now);

/// {day, ends, bounds: [{scope, kind, used, most, runsOutAt}]}; `most` and
/// `runsOutAt` are missing where there are none.
nlohmann::json to_json(const std::vector<budget_line>& lines, int64_t now);

} // namespace darkroom
