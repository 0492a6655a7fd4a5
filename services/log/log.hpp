/// Starts the log: one line per entry on stderr. stdout is kept for answers.
#pragma once

#include <spdlog/formatter.h>

#include <memory>
#include <string>

namespace darkroom {

/// Formats an entry: time, level, and the message on one line of at most 2,000
/// bytes, whatever strangers wrote into it.
std::unique_ptr<spdlog::formatter> log_formatter();

/// Sets spdlog's default logger. Call once, before any thread is started.
/// @param level trace, debug, info, warn, error or off
void start_log(const std::string& level);

} // namespace darkroom
