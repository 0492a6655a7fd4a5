/// The limits that people can change while Darkroom runs, for the command, the
/// API and the page.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/limit_overrides.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace darkroom {

/// One limit, as settings are written.
struct limit_line {
  std::string name;    ///< "limits.vision"
  std::string value;   ///< in force
  std::string setting; ///< of this process's configuration
  bool is_changed = false;
};

/// @param in_force what `limit_overrides::apply` made of `config`
/// @param changed the names that it gave
std::vector<limit_line> limit_lines(const settings& config,
                                    const settings& in_force,
                                    const std::vector<std::string>& changed);

/// [{name, value, setting, changed}]
nlohmann::json to_json(const std::vector<limit_line>& lines);

/// Changes limits, and has jobs that wait for one look at it anew.
/// @returns as `limit_overrides::change`
status change_limits_of(job_queue& queue, limit_overrides& overrides,
                        const limit_changes& changes);

} // namespace darkroom
