/// Jobs that disappear from Redis, for those who must tell it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace darkroom {

/// A job that was removed before it had ended.
struct removed_job {
  std::string id;
  std::string name;
  std::string data;      ///< JSON
  int64_t timestamp = 0; ///< when it was added, ms
  uint32_t attempt = 0;  ///< its `ats`; 0 if it never ran
};

/// Receives the jobs that one script has removed from Redis.
using removal_sink = std::function<void(const std::vector<removed_job>&)>;

} // namespace darkroom
