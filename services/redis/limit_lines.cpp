#include "services/redis/limit_lines.hpp"

#include "config/clock.hpp"
#include "config/field.hpp"

#include <algorithm>

namespace darkroom {

std::vector<limit_line> limit_lines(const settings& config,
                                    const settings& in_force,
                                    const std::vector<std::string>& changed) {
  std::vector<limit_line> out;
  for (const auto& row : all_fields()) {
    auto name = row.name();
    const auto& known = changeable_limits();
    if (std::find(known.begin(), known.end(), name) == known.end())
      continue;
    auto is_changed = std::find(changed.begin(), changed.end(), name)
                      != changed.end();
    out.push_back(
      {name, read_field(row, in_force), read_field(row, config), is_changed});
  }
  return out;
}

nlohmann::json to_json(const std::vector<limit_line>& lines) {
  auto out = nlohmann::json::array();
  for (const auto& x : lines)
    out.push_back({{"name", x.name},
                   {"value", x.value},
                   {"setting", x.setting},
                   {"changed", x.is_changed}});
  return out;
}

status change_limits_of(job_queue& queue, limit_overrides& overrides,
                        const limit_changes& changes) {
  if (auto done = overrides.change(changes); !done)
    return done;
  for (const auto* resource : {"vision", "embedding"})
    if (auto woken = queue.end_rest(resource, false, wall_clock_ms()); !woken)
      return std::move(woken.error());
  return ok;
}

} // namespace darkroom
