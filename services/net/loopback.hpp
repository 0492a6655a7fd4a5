/// Tells addresses that only this machine reaches from all others.
#pragma once

#include <string>

namespace darkroom {

/// Whether only this machine reaches a server that listens on `host`: true for
/// "localhost", 127.0.0.0/8 and ::1. Does not look up other names; they count
/// as reachable.
bool is_loopback(const std::string& host);

} // namespace darkroom
