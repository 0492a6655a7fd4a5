// Multi-index hashing (Norouzi, Punjani, Fleet, CVPR 2012): if two hashes
// differ in at most d bits, then one of their four quarters differs in at most
// d / 4. So only pictures are compared that share a quarter up to so many bits.
#include "services/search/duplicates.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <map>
#include <numeric>
#include <utility>

namespace darkroom {

namespace {

constexpr int quarters = 4;
constexpr int quarter_bits = 16;
constexpr size_t quarter_values = size_t{1} << quarter_bits;

/// Usual hashes have about 32 bits, as half of the frequencies are above the
/// median.
constexpr int plain_bits = 8;
constexpr int plain_difference = 16; // of 255, in each colour

uint32_t quarter_of(uint64_t hash, int quarter) {
  return static_cast<uint32_t>(hash >> (quarter * quarter_bits)) & 0xffff;
}

/// All quarters with at most `count` bits, which are XORed to a quarter.
std::vector<uint32_t> flips_of(uint32_t count) {
  std::vector<uint32_t> out;
  for (uint32_t x = 0; x < quarter_values; ++x)
    if (std::popcount(x) <= static_cast<int>(count))
      out.push_back(x);
  return out;
}

bool is_plain(const hashed_image& x) {
  return std::popcount(x.hash) < plain_bits;
}

bool has_color_of(const hashed_image& a, const hashed_image& b) {
  for (auto shift : {0, 8, 16}) {
    auto difference = static_cast<int>(a.color >> shift & 0xff)
                      - static_cast<int>(b.color >> shift & 0xff);
    if (std::abs(difference) > plain_difference)
      return false;
  }
  return true;
}

uint32_t distance_of(const hashed_image& a, const hashed_image& b) {
  return static_cast<uint32_t>(std::popcount(a.hash ^ b.hash));
}

/// Pictures by the value of a quarter of their hashes: the rows of value x are
/// `rows[starts[x]]` to `rows[starts[x + 1] - 1]`.
struct quarter_table {
  quarter_table(const std::vector<hashed_image>& pictures, int quarter)
    : starts(quarter_values + 1),
      rows(pictures.size()) {
    for (const auto& x : pictures)
      ++starts[quarter_of(x.hash, quarter) + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    auto next = starts;
    for (uint32_t row = 0; row < pictures.size(); ++row)
      rows[next[quarter_of(pictures[row].hash, quarter)]++] = row;
  }

  std::vector<uint32_t> starts;
  std::vector<uint32_t> rows;
};

/// Sets that grow together; the smallest row stands for each.
class row_sets {
public:
  explicit row_sets(size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), uint32_t{0});
  }

  uint32_t find(uint32_t row) {
    while (parent_[row] != row)
      row = parent_[row] = parent_[parent_[row]];
    return row;
  }

  void join(uint32_t a, uint32_t b) {
    a = find(a);
    b = find(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

private:
  std::vector<uint32_t> parent_;
};

bool are_duplicates(const hashed_image& a, const hashed_image& b,
                    uint32_t distance) {
  return distance_of(a, b) <= distance
         && ((!is_plain(a) && !is_plain(b)) || has_color_of(a, b));
}

std::vector<duplicate_group>
groups_of(const std::vector<hashed_image>& pictures, row_sets& sets) {
  std::map<uint32_t, duplicate_group> by_first;
  for (uint32_t row = 0; row < pictures.size(); ++row) {
    auto first = sets.find(row);
    by_first[first].push_back(
      {row, distance_of(pictures[first], pictures[row])});
  }
  std::vector<duplicate_group> out;
  for (auto& [first, group] : by_first)
    if (group.size() > 1)
      out.push_back(std::move(group));
  return out;
}

} // namespace

std::vector<duplicate_group>
find_duplicates(const std::vector<hashed_image>& pictures, uint32_t distance) {
  row_sets sets{pictures.size()};
  auto flips = flips_of(distance / quarters);
  for (auto quarter = 0; quarter < quarters; ++quarter) {
    quarter_table table{pictures, quarter};
    for (uint32_t row = 0; row < pictures.size(); ++row)
      for (auto flip : flips) {
        auto value = quarter_of(pictures[row].hash, quarter) ^ flip;
        for (auto i = table.starts[value]; i < table.starts[value + 1]; ++i)
          if (auto other = table.rows[i];
              other > row
              && are_duplicates(pictures[row], pictures[other], distance))
            sets.join(row, other);
      }
  }
  return groups_of(pictures, sets);
}

} // namespace darkroom
