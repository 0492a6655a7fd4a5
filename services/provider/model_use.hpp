/// Which model answered, and what that cost.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

struct model_use {
  uint32_t provider = 0;      ///< its place in the list of providers; 0 = first
  std::string model;          ///< "gpt-4o-mini", "local-opencv-1"
  std::string host = "local"; ///< see `host_of`
  std::string prompt_version; ///< empty where there is no prompt
  /// Of all calls of the job, as far as the provider told; 0 for a local model
  /// and for an answer that was known.
  uint64_t tokens_in = 0;
  uint64_t tokens_out = 0;
  uint64_t cost = 0;      ///< millionths of the unit of the prices
  bool is_cached = false; ///< the answer was known; nobody was asked
};

} // namespace darkroom
