/// Entries of a queue's event stream, as `darkroom events` tells them.
#pragma once

#include "messages/result.hpp"
#include "services/redis/event_log.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace darkroom {

/// The types of events: "job-queued", "job-active", …, "queue-paused".
std::vector<std::string> event_types();

/// Which events are wanted; an empty member wants all.
struct event_choice {
  std::set<std::string> types;
  std::string job_id;
  std::string image_id;
};

/// Where to begin.
struct event_start {
  std::string after; ///< id of an entry; empty: at `time`
  int64_t time = 0;  ///< ms
};

/// Reads "10m", "1732560000000-0", "1732560000000", "2026-11-29" or
/// "2026-11-29T08:30:00Z".
result<event_start> read_event_start(const std::string& text, int64_t now);

/// {id, at, type, jobId, jobName, imageId} and what else the entry has.
nlohmann::json to_json(const queue_event& what, const event_subject& about);

bool is_chosen(const nlohmann::json& event, const event_choice& choice);

/// One line for people, with what strangers wrote escaped.
/// @param columns at most so many
std::string event_line(const nlohmann::json& event, size_t columns,
                       bool is_coloured);

} // namespace darkroom
