#include "services/redis/limits_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace darkroom {

bool has_limits(const resource_rules& rules) {
  return std::any_of(rules.limits.begin(), rules.limits.end(),
                     [](const auto& x) { return x.max > 0; });
}

std::string limits_text(const resource_rules& rules,
                        std::chrono::milliseconds slack) {
  if (rules.uses.empty())
    return {};
  auto jobs = nlohmann::json::object();
  for (const auto& x : rules.uses)
    jobs[x.job_name] = x.resources;
  auto limits = nlohmann::json::object();
  for (const auto& x : rules.limits)
    if (x.max > 0)
      limits[x.name] = {x.max, x.window.count()};
  return nlohmann::json{
    {"jobs", jobs}, {"limits", limits}, {"slack", slack.count()}}
    .dump();
}

} // namespace darkroom
