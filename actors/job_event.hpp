/// The events of a job's life, made from what the dispatcher knows.
#pragma once

#include "actors/lease_table.hpp"
#include "messages/event.hpp"

namespace darkroom {

worker_event active_event(const lease& x, const std::string& node);

worker_event progress_event(const lease& x, const std::string& progress,
                            int64_t now);

/// The event that tells the web tier about a settlement. There is none if the
/// job was given back or postponed, because no attempt has ended.
/// @returns none or one event
std::vector<worker_event> ended_event(const lease& x, const settlement& how,
                                      int64_t now);

} // namespace darkroom
