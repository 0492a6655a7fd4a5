/// Starts the log: one line per entry on stderr. stdout is kept for answers.
#pragma once

#include <spdlog/formatter.h>

#include <cstdint>
#include <memory>
#include <string>

namespace darkroom {

/// Formats an entry on one line. The message has at most 2,000 bytes, whatever
/// strangers wrote into it.
/// @param format "text": time (UTC), level, message; "json": an object with
///   `time`, `level` and `message`, and more for lines of `log_job`
std::unique_ptr<spdlog::formatter>
log_formatter(const std::string& format = "text");

/// Sets spdlog's default logger. Call once, before any thread is started.
/// @param level trace, debug, info, warn, error or off
/// @param format text or json
void start_log(const std::string& level, const std::string& format = "text");

/// The begin or the end of a job's run.
struct job_line {
  const std::string& id;
  const std::string& name;
  const char* event = ""; ///< "starts", "completed", "failed", …
  uint32_t attempt = 0;   ///< from 1 on
  int64_t ms = -1;        ///< of the run; -1 at its begin
};

/// Logs it at debug: "job 17 (generate-metadata) completed: attempt 1, 812 ms".
/// As JSON, the line has the members `job`, `name`, `event`, `attempt` and
/// `ms`.
void log_job(const job_line& line);

} // namespace darkroom
