/// The answer of `darkroom queue stats`.
#pragma once

#include "services/redis/queue_admin.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace darkroom {

/// {name, paused, counts, withoutNode, workers, oldestWaitingMs}, and
/// `concurrency` and `limit` if the queue has them.
/// @param name of the queue
result<nlohmann::json> stats_of(const std::string& name, job_queue& jobs,
                                queue_admin& admin, int64_t now);

/// Prints the answer of `stats_of` for people.
void print_stats(const nlohmann::json& stats);

} // namespace darkroom
