#include "services/text/text_table.hpp"

#include "services/text/printable.hpp"

#include <algorithm>

namespace darkroom {

namespace {

/// The width of a text in columns, with one column per character.
size_t width_of(const std::string& text) {
  return static_cast<size_t>(
    std::count_if(text.begin(), text.end(),
                  [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

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

std::vector<std::string> text_table::lines() const {
  std::vector<std::string> out;
  if (rows_.size() == 1)
    return out;
  std::vector<size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width_of(row[i]));
  for (const auto& row : rows_) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(widths[i] - width_of(row[i]) + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    out.push_back(std::move(line));
  }
  return out;
}

} // namespace darkroom
