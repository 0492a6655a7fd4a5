/// The tables of `darkroom top`, from what its source tells.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

struct top_cell {
  std::string shown;            ///< printable, one line
  std::optional<double> number; ///< by which it is sorted; else by its text
};

struct top_row {
  std::string id; ///< of the job, or the name of the node
  std::vector<top_cell> cells;
};

struct top_column {
  std::string title;
  size_t width = 0; ///< columns; 0: the rest of the line, for the last one
};

struct top_table {
  std::vector<top_column> columns;
  std::vector<top_row> rows;

  /// The line of a row, or of the titles: exactly `columns` wide.
  std::string line(const top_row& row, size_t width) const;
  std::string titles(size_t width) const;

  /// Sorts by a column; equal rows keep their order.
  void sort(size_t column, bool is_reversed);
};

/// "0.3", "9.9", "10": enough for rates and loads.
std::string short_number(double value);

/// A row per node.
top_table nodes_table(const nlohmann::json& seen);

/// A row per job of `seen.jobs`, whose state is "active", "waiting" or
/// "failed".
top_table jobs_table(const nlohmann::json& seen, const std::string& state);

/// A row per job that the node runs.
top_table node_jobs_table(const nlohmann::json& seen, const std::string& node);

/// The lines above the tables: counts, rates, what is wrong.
std::vector<std::string> summary_lines(const nlohmann::json& seen);

/// The fields of this job, a line each.
std::vector<std::string> job_lines_of(const nlohmann::json& seen,
                                      const std::string& id);

} // namespace darkroom
