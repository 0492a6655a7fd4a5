/// The JSON text of a worker event: one flat object, described in
/// docs/redis.md.
#pragma once

#include "messages/event.hpp"
#include "messages/provider_call.hpp"

#include <string>

namespace darkroom {

/// @param queue the name of the queue, part of each event
std::string event_text(const worker_event& event, const std::string& queue);

/// The same about a provider or the budget: {"type": "provider-state",
/// resource, provider, state, until, message, timestamp, queue}.
std::string event_text(const provider_alert& alert, const std::string& queue);

/// What an event stream needs to know about an event to filter it.
struct event_label {
  std::string type; ///< "job-progress"; empty if it is not a worker event
  std::string image_id;
  std::string job_id;
};

/// Reads the label of an event, whoever published it.
event_label label_of(const std::string& text);

} // namespace darkroom
