/// Which addresses are this machine alone.
#pragma once

#include <string>

namespace darkroom {

/// Whether only this machine reaches a server that listens on `host`:
/// "localhost", 127.0.0.0/8 or ::1. Other names are not looked up: false.
bool is_loopback(const std::string& host);

} // namespace darkroom
