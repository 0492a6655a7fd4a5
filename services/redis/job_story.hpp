/// What is known of one job beside its hash: its family, and what happened to
/// it.
#pragma once

#include "services/redis/stored_job.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

/// The children of a job, by what became of them. Each list has at most 100.
struct job_family {
  std::string parent_key; ///< "bull:<queue>:<id>"; empty without a parent
  uint64_t processed_count = 0, unprocessed_count = 0, failed_count = 0,
           ignored_count = 0;
  std::vector<std::pair<std::string, std::string>> processed; ///< key, value
  std::vector<std::string> unprocessed;                       ///< keys
  std::vector<std::string> failed;                            ///< keys
  std::vector<std::pair<std::string, std::string>> ignored;   ///< key, reason
};

/// One thing that happened.
struct story_entry {
  int64_t at = 0;   ///< ms
  std::string what; ///< "added", "waiting", "active", "delayed", "failed", …
  std::string note; ///< the state before, a delay's end, or a failure
};

result<job_family> family_of(redis_connection& redis, const queue_keys& keys,
                             const stored_job& job);

/// Reads the queue's event stream backwards, at most 10,000 entries, until the
/// job was added. What the stream does not have any more comes from the hash.
/// @returns the newest 200 entries, the oldest of them first
result<std::vector<story_entry>> story_of(redis_connection& redis,
                                          const queue_keys& keys,
                                          const stored_job& job);

} // namespace darkroom
