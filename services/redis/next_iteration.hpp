/// What a job scheduler runs after one of its jobs.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace darkroom {

/// The job that follows; its id is "repeat:<scheduler>:<due>".
struct next_iteration {
  int64_t slot = 0;    ///< ms; of the job that was taken
  int64_t due = 0;     ///< ms
  std::string options; ///< JSON
  int64_t delay_ms = 0;
  uint32_t priority = 0;
  bool lifo = false;
};

/// @param taken_id  "repeat:<scheduler>:<slot>"
/// @param scheduler the job's field `rjk`
/// @param options   the job's options (JSON)
/// @param offset    of the scheduler's record, ms: where in an interval of
///                  `every` its slots lie
/// @param now       ms
/// @returns nothing if the scheduler has ended (its limit, its end date);
/// ec::bad_input if the options do not say when it repeats
result<std::optional<next_iteration>>
follow(const std::string& taken_id, const std::string& scheduler,
       std::string_view options, int64_t offset, int64_t now);

} // namespace darkroom
