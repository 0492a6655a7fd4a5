#include "services/embedding/normalise.hpp"

#include <cmath>

namespace darkroom {

bool normalise(std::vector<float>& vector) {
  double sum = 0;
  for (auto x : vector)
    sum += static_cast<double>(x) * static_cast<double>(x);
  if (!std::isfinite(sum) || sum <= 0)
    return false;
  auto factor = 1 / std::sqrt(sum);
  for (auto& x : vector)
    x = static_cast<float>(static_cast<double>(x) * factor);
  return true;
}

} // namespace darkroom
