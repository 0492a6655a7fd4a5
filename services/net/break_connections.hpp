/// Breaks connections, as a cut cable that is noticed at once would.
#pragma once

#include "services/net/probe.hpp"

namespace darkroom {

/// Shuts down every TCP connection of this process to the endpoint, in both
/// directions: whoever owns one sees its end. May look up a name, else it does
/// not block. Thread-safe.
void break_connections(const endpoint& where);

} // namespace darkroom
