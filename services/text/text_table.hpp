/// A table for people: a header, aligned columns, one line a row.
#pragma once

#include <string>
#include <vector>

namespace darkroom {

/// Cells may hold what strangers wrote: they are escaped and bounded, so that
/// no cell can add a line, move the cursor or be longer than `longest_cell`.
class text_table {
public:
  static constexpr size_t longest_cell = 60;  ///< bytes
  static constexpr size_t longest_last = 400; ///< of the last column

  explicit text_table(std::vector<std::string> header);

  /// @param cells as many as the header has
  void add(std::vector<std::string> cells);

  /// The header and the rows; nothing at all where there are no rows. Columns
  /// are two blanks apart; lines do not end with blanks.
  std::vector<std::string> lines() const;

private:
  std::vector<std::vector<std::string>> rows_; ///< the header first
};

} // namespace darkroom
