/// Names a set of vectors that can be compared with each other.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

struct vector_space {
  std::string host;  ///< the provider's, with its port; "local" for models
                     ///< that run here; empty: not known
  std::string model; ///< "local-use-lite-1"; empty: there is no space
  uint32_t dimensions = 0; ///< floats of a vector

  bool operator==(const vector_space&) const = default;
};

/// "local/local-use-lite-1/512": its name for people, and its key.
std::string to_string(const vector_space& space);

} // namespace darkroom
