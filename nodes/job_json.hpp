/// Jobs and counts as people and scripts see them.
#pragma once

#include "services/redis/job_queue.hpp"

#include <nlohmann/json.hpp>

namespace darkroom {

/// {id, name, data, opts, timestamp, delay, priority, attemptsMade,
/// attemptsStarted, progress, returnvalue, failedReason, …}: BullMQ's names;
/// fields that are not stored are left out.
nlohmann::json to_json(const stored_job& job);

/// {waiting, active, delayed, prioritized, completed, failed,
/// waiting-children}
nlohmann::json to_json(const queue_counts& counts);

/// {job type: jobs that wait for a node that runs it, …}
nlohmann::json to_json(const std::vector<aside_count>& aside);

/// Prints a job of `to_json` for people: a line a field, what happened to each
/// attempt on lines of their own.
void print_job(const nlohmann::json& job);

} // namespace darkroom
