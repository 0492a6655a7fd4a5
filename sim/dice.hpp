/// Random numbers of a simulation. It does not use <random>'s distributions,
/// which differ between libraries: a seed must mean the same everywhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace darkroom::sim {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

class dice {
public:
  explicit dice(uint64_t seed) : source_(seed) {}

  uint64_t any() {
    return source_();
  }

  /// 0 <= result < `sides`
  uint64_t below(uint64_t sides) {
    return source_() % sides; // its bias does not matter
  }

  bool percent(uint32_t chance) {
    return below(100) < chance;
  }

  /// least <= result <= most
  microseconds between(microseconds least, microseconds most) {
    auto span = static_cast<uint64_t>((most - least).count()) + 1;
    return least + microseconds{below(span)};
  }

private:
  std::mt19937_64 source_;
};

} // namespace darkroom::sim
