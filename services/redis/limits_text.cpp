#include "services/redis/limits_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace darkroom {

bool has_limits(const queue_settings& queue) {
  return std::any_of(queue.resources.limits.begin(),
                     queue.resources.limits.end(),
                     [](const auto& x) { return x.max > 0; });
}

std::set<std::string> limited_jobs(const queue_settings& queue) {
  std::set<std::string> out;
  for (const auto& limit : queue.resources.limits)
    for (const auto& use : queue.resources.uses)
      if (limit.max > 0
          && std::find(use.resources.begin(), use.resources.end(), limit.name)
               != use.resources.end())
        out.insert(use.job_name);
  return out;
}

std::string limits_text(const queue_settings& queue) {
  if (queue.resources.uses.empty())
    return {};
  auto jobs = nlohmann::json::object();
  for (const auto& x : queue.resources.uses)
    jobs[x.job_name] = x.resources;
  auto limits = nlohmann::json::object();
  for (const auto& x : queue.resources.limits)
    if (x.max > 0)
      limits[x.name] = {x.max, x.window.count()};
  return nlohmann::json{{"jobs", jobs}, {"limits", limits}}.dump();
}

} // namespace darkroom
