/// Resources that jobs use besides a processor, and their limits.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// A named thing that jobs use, and how many starts per window it allows.
struct resource_limit {
  std::string name;
  uint32_t max = 0; ///< job starts per window on all nodes; 0 = no limit
  std::chrono::milliseconds window{60000};
};

/// The resources that jobs of one name use. The job types say so.
struct resource_use {
  std::string job_name;
  std::vector<std::string> resources;
};

struct resource_rules {
  std::vector<resource_limit> limits;
  std::vector<resource_use> uses;
};

} // namespace darkroom
