/// The JSON of a worker event: one flat object. Grammar: docs/redis.md.
#pragma once

#include "messages/event.hpp"

#include <string>

namespace darkroom {

/// @param queue the queue's name, told with each event
std::string event_text(const worker_event& event, const std::string& queue);

/// What an event stream must know of an event's JSON to filter it.
struct event_label {
  std::string type; ///< "job-progress"; empty if it is no worker event
  std::string image_id;
  std::string job_id;
};

/// Reads the label of an event that anybody published.
event_label label_of(const std::string& text);

} // namespace darkroom
