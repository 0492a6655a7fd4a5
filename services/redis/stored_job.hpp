/// A job as it is stored in Redis, for people to look at.
#pragma once

#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace darkroom {

struct stored_job {
  std::string id;
  /// The hash's fields as BullMQ names them: name, data, opts, timestamp, …
  std::vector<std::pair<std::string, std::string>> fields;
};

/// Whether the hash is a job's. An id that a stranger gives may name another
/// key of the queue ("meta", "repeat:nightly"). lua/lib_job.lua has the same
/// rule.
bool is_job(const stored_job& read);

/// The text of a field, which lives as long as the job; empty if the job has no
/// such field.
std::string_view field_of(const stored_job& job, std::string_view name);

/// The whole number in a field; 0 if the job has no such field, or it is no
/// number.
int64_t number_of_field(const stored_job& job, std::string_view name);

/// Reads the hashes of these ids, in one round trip. A job without a hash has
/// no fields.
result<std::vector<stored_job>> read_jobs(redis_connection& redis,
                                          const queue_keys& keys,
                                          const std::vector<std::string>& ids);

} // namespace darkroom
