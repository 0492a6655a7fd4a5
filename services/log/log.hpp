/// Starts the log: one line an entry on stderr, stdout stays for answers.
#pragma once

#include <string>

namespace darkroom {

/// Sets spdlog's default logger. Call once, before any thread is started.
/// @param level trace, debug, info, warn, error or off
void start_log(const std::string& level);

} // namespace darkroom
