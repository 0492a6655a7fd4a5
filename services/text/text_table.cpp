#include "services/text/text_table.hpp"

#include "services/text/columns.hpp"
#include "services/text/printable.hpp"

#include <algorithm>

namespace darkroom {

namespace {

constexpr size_t gap = 2;         ///< columns between cells
constexpr size_t least_last = 10; ///< columns that the last cell keeps
constexpr size_t least_cell = 4;

} // namespace

text_table::text_table(std::vector<std::string> header) {
  rows_.push_back(std::move(header));
}

void text_table::add(std::vector<std::string> cells) {
  cells.resize(rows_.front().size());
  for (size_t i = 0; i < cells.size(); ++i)
    cells[i] = printable(cells[i],
                         i + 1 < cells.size() ? longest_cell : longest_last);
  rows_.push_back(std::move(cells));
}

std::vector<size_t> text_table::widths_within(size_t columns) const {
  std::vector<size_t> out(rows_.front().size());
  for (const auto& row : rows_)
    for (size_t i = 0; i < row.size(); ++i)
      out[i] = std::max(out[i], columns_of(row[i]));
  auto sum = gap * (out.size() - 1);
  for (auto width : out)
    sum += width;
  auto excess = sum > columns ? sum - columns : 0;
  auto spare = out.back() > least_last ? out.back() - least_last : 0;
  out.back() -= std::min(excess, spare);
  excess -= std::min(excess, spare);
  for (; excess > 0; --excess) {
    auto widest = std::max_element(out.begin(), out.end());
    if (*widest <= least_cell)
      break; // a terminal of a few columns
    --*widest;
  }
  return out;
}

std::vector<std::string> text_table::lines(size_t columns) const {
  std::vector<std::string> out;
  if (rows_.size() == 1)
    return out;
  auto widths = widths_within(columns);
  for (const auto& row : rows_) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i)
      line += padded(row[i], widths[i]) + std::string(gap, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    out.push_back(std::move(line));
  }
  return out;
}

} // namespace darkroom
