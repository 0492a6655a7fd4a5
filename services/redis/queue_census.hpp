/// Reads all jobs of a queue that have not ended, and how others ended.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace darkroom {

/// A job that has not ended.
struct queued_job {
  std::string id;
  std::string name;
  std::string data;      ///< JSON
  int64_t timestamp = 0; ///< when it was added, ms
  int64_t due = 0;       ///< when it may start at the earliest, ms
  bool is_active = false;
  bool is_parent = false; ///< it waits for its children
};

using queued_jobs = std::vector<queued_job>;

/// Where a walk over the jobs has come to.
struct census_cursor {
  size_t place = 0; ///< list or zset
  int64_t first = 0;
};

/// Where a job is, by its id.
enum class job_place {
  nowhere, ///< there is no such job, or it is in no state
  queued,  ///< it has not ended
  ended,   ///< it is in `completed`
  failed,  ///< it is in `failed`
};

/// What became of a job.
struct job_fate {
  job_place place = job_place::nowhere;
  bool has_hash = false;  ///< the id is taken
  bool is_active = false; ///< a worker has it
  int64_t timestamp = 0;  ///< when it was added, ms
  uint32_t attempt = 0;   ///< how often it was taken
  int64_t ended_at = 0;   ///< ms
  std::string reason;     ///< of its failure
};

/// Not thread-safe: one connection. Changes nothing.
class queue_census {
public:
  queue_census(const redis_settings& redis, const queue_settings& queue);

  /// The names of all queues with this prefix, the own one included. Walks over
  /// all keys of Redis, about 10 ms per 10,000.
  result<std::vector<std::string>> queues();

  /// Calls `take` with all jobs of a queue that have not ended, at most 1000 at
  /// a time. Takes about 20 ms per thousand. A job that changes its state
  /// meanwhile may appear twice, but is not missed unless it changes its state
  /// several times.
  status each(const std::string& queue,
              const std::function<status(queued_jobs&)>& take);

  /// The next jobs of the own queue, at most `most` and 1000.
  /// @returns an empty list once the walk has ended; then it begins anew
  result<queued_jobs> next(census_cursor& at, uint64_t most);

  /// Whether another one of these queues has a job with this id, whatever
  /// became of it.
  result<bool> is_elsewhere(const std::string& id,
                            const std::vector<std::string>& among);

  /// Where the own queue's job is.
  result<job_fate> fate_of(const std::string& id);

private:
  result<queued_jobs> read(const queue_keys& keys, census_cursor& at,
                           int64_t most);
  result<queued_jobs> read_hashes(const queue_keys& keys, const redisReply& ids,
                                  const queued_job& like);

  redis_connection connection_;
  std::string prefix_;
  std::string queue_;
};

} // namespace darkroom
