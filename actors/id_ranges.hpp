/// A set of numbers that mostly follow each other, kept as ranges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

namespace darkroom {

/// Not thread-safe. A million consecutive numbers take one range of 64 bytes.
class id_ranges {
public:
  /// @param most number of ranges; if there are more, the lowest numbers are
  /// forgotten
  explicit id_ranges(size_t most) : most_(most) {}

  /// @returns false if the number is in the set already
  bool insert(uint64_t number);

  bool contains(uint64_t number) const;

  void clear() {
    last_of_.clear();
  }

private:
  size_t most_;
  std::map<uint64_t, uint64_t> last_of_; ///< by first; ranges never touch
};

} // namespace darkroom
