/// From the EVENT FEED to the event stream of a main node.
#pragma once

#include "actors/event_feed.hpp"
#include "services/http/sse_hub.hpp"

#include <string>

namespace darkroom {

/// @param hub must outlive the feed
/// @param queue its name, for the snapshot in each browser's first frame
event_sink sink_into(sse_hub& hub, const std::string& queue);

} // namespace darkroom
