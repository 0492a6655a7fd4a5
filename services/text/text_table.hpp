/// A table for people: a header and aligned columns, one line per row.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace darkroom {

/// Cells may hold text that strangers wrote. They are escaped and shortened, so
/// that no cell can add a line, move the cursor or exceed `longest_cell`.
class text_table {
public:
  static constexpr size_t longest_cell = 60;  ///< bytes
  static constexpr size_t longest_last = 400; ///< for the last column, bytes

  explicit text_table(std::vector<std::string> header);

  /// @param cells one per column of the header
  void add(std::vector<std::string> cells);

  /// The header and the rows; empty if there are no rows. Two blanks separate
  /// the columns; lines do not end with blanks.
  /// @param columns no line takes more: first the last cells are clipped, then
  ///   the widest ones
  std::vector<std::string>
  lines(size_t columns = std::numeric_limits<size_t>::max()) const;

private:
  std::vector<size_t> widths_within(size_t columns) const;

  std::vector<std::vector<std::string>> rows_; ///< the first one is the header
};

} // namespace darkroom
