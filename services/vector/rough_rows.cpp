#include "services/vector/rough_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace darkroom {

namespace {

constexpr int32_t most_row_code = std::numeric_limits<int8_t>::max();

/// The sum of all products of codes must fit into 32 bits.
int32_t most_query_code(size_t dimensions) {
  auto room = std::numeric_limits<int32_t>::max()
              / (int64_t{most_row_code}
                 * static_cast<int64_t>(std::max<size_t>(1, dimensions)));
  return static_cast<int32_t>(
    std::min<int64_t>(room, std::numeric_limits<int16_t>::max()));
}

/// Rounds each float to a multiple of the step, with `most` for the largest.
/// @param error gets the L2 norm of what that leaves out
/// @returns the step
template <class Code>
float encode(const float* vector, size_t count, int32_t most, Code* codes,
             float& error) {
  float largest = 0;
  for (size_t i = 0; i < count; ++i)
    largest = std::max(largest, std::abs(vector[i]));
  auto step = largest / static_cast<float>(most);
  double square = 0;
  for (size_t i = 0; i < count; ++i) {
    auto code = step > 0 ? std::lround(vector[i] / step) : 0;
    codes[i] = static_cast<Code>(std::clamp<long>(code, -most, most));
    auto rest = double{vector[i]} - double{step} * codes[i];
    square += rest * rest;
  }
  error = static_cast<float>(std::sqrt(square) * 1.0001);
  return step;
}

/// Compilers make a few vector instructions of it.
int32_t product(const int8_t* row, const int16_t* query, size_t count) {
  int32_t sum = 0;
  for (size_t i = 0; i < count; ++i)
    sum += int32_t{row[i]} * int32_t{query[i]};
  return sum;
}

} // namespace

rough_rows::rough_rows(size_t dimensions) : dimensions_(dimensions) {}

void rough_rows::put(size_t row, const float* vector) {
  if (row >= measures_.size()) {
    measures_.resize(row + 1);
    codes_.resize(measures_.size() * dimensions_);
  }
  auto& [step, error] = measures_[row];
  step = encode(vector, dimensions_, most_row_code, &codes_[row * dimensions_],
                error);
}

rough_rows::query rough_rows::query_of(const float* vector) const {
  query out;
  out.codes.resize(dimensions_);
  out.step = encode(vector, dimensions_, most_query_code(dimensions_),
                    out.codes.data(), out.error);
  return out;
}

score_bounds rough_rows::bounds(size_t row, const query& to) const {
  auto [step, error] = measures_[row];
  auto score = static_cast<float>(product(&codes_[row * dimensions_],
                                          to.codes.data(), dimensions_))
               * step * to.step;
  // With r, q the vectors and r', q' their copies, r*q - r'*q' is
  // (r - r')*q + r'*(q - q'). The last term is for rounding: of the sum of the
  // exact product, of these four factors, and of norms that are not quite 1.
  auto rounding = static_cast<float>(dimensions_ + 8) * 1.2e-7f;
  auto off = error * (1 + rounding) + (1 + error) * to.error + rounding;
  return {score - off, score + off};
}

} // namespace darkroom
