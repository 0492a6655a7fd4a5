/// Breaks connections the way a cut cable does that is noticed at once.
#pragma once

#include "services/net/probe.hpp"

namespace darkroom {

/// Shuts down every TCP connection of this process to the endpoint, in both
/// directions, so the owner of a connection sees it end. Blocks only while it
/// looks up a name. Thread-safe.
void break_connections(const endpoint& where);

} // namespace darkroom
