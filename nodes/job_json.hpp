/// Jobs and counts in the form that people and scripts see.
#pragma once

#include "services/redis/job_queue.hpp"

#include <nlohmann/json.hpp>

namespace darkroom {

/// {id, name, data, opts, timestamp, delay, priority, attemptsMade,
/// attemptsStarted, progress, returnvalue, failedReason, …}: BullMQ's names.
/// Fields that are not stored are left out.
nlohmann::json to_json(const stored_job& job);

/// {waiting, active, delayed, prioritized, completed, failed,
/// waiting-children}
nlohmann::json to_json(const queue_counts& counts);

/// {job type: jobs that wait for a node that runs it, …}
nlohmann::json to_json(const std::vector<aside_count>& aside);

/// Reads a time or a count from the answer of `to_json`. Strangers wrote it: 0
/// if it is missing, not a number or out of range.
int64_t number_in(const nlohmann::json& job, const char* key);

/// The end of a job's line: its input, and its failure if it has failed.
std::string summary_of(const nlohmann::json& job);

/// Prints a job of `to_json` for people: one line per field, and separate lines
/// for what happened to each attempt.
void print_job(const nlohmann::json& job);

} // namespace darkroom
