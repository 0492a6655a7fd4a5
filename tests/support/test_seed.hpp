/// The seed of a test of random histories.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>

namespace darkroom::test {

/// DARKROOM_TEST_SEED, to repeat a failure; otherwise a random seed.
inline uint32_t first_seed() {
  if (const auto* given = std::getenv("DARKROOM_TEST_SEED"))
    return static_cast<uint32_t>(std::strtoul(given, nullptr, 10));
  return std::random_device{}();
}

} // namespace darkroom::test
