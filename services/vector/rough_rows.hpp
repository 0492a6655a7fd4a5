/// Copies of vectors in 8 bits per float. They take a quarter of the memory to
/// read, and tell each dot product up to a bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace darkroom {

/// What a dot product is at least and at most.
struct score_bounds {
  float least = 0;
  float most = 0;
};

/// One row per vector of L2 norm 1. Not thread-safe.
class rough_rows {
public:
  explicit rough_rows(size_t dimensions);

  /// Keeps a copy of a vector as this row; makes room for it.
  void put(size_t row, const float* vector);

  /// A vector of norm 1 in 16 bits per float.
  struct query {
    std::vector<int16_t> codes;
    float step = 0;  ///< what a code of 1 stands for
    float error = 0; ///< L2 norm of what the codes leave out, at most
  };

  query query_of(const float* vector) const;

  /// The bounds of the dot product of the query and the vector that `row`
  /// copies, as floats compute it in any order.
  score_bounds bounds(size_t row, const query& to) const;

private:
  struct measure {
    float step = 0;
    float error = 0;
  };

  size_t dimensions_;
  std::vector<int8_t> codes_; ///< row after row
  std::vector<measure> measures_;
};

} // namespace darkroom
