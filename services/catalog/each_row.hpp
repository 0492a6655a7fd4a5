/// Walks the rows that a statement returns.
#pragma once

#include "services/catalog/database.hpp"

#include <type_traits>
#include <utility>

namespace darkroom {

/// Calls `take` for every remaining row, until it returns an error.
template <class Take>
status each_row(statement& query, Take take) {
  for (;;) {
    auto row = query.step();
    if (!row)
      return std::move(row.error());
    if (!*row)
      return ok;
    if constexpr (std::is_void_v<decltype(take())>)
      take();
    else if (status taken = take(); !taken)
      return taken;
  }
}

} // namespace darkroom
