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

/// A number of `to_json`'s; 0 where there is none, or it is none that a time or
/// a count can be: strangers wrote it.
int64_t number_in(const nlohmann::json& job, const char* key);

/// The input, and the failure if it has failed: the end of a job's line.
std::string summary_of(const nlohmann::json& job);

/// Prints a job of `to_json` for people: a line a field, what happened to each
/// attempt on lines of their own.
void print_job(const nlohmann::json& job);

} // namespace darkroom
