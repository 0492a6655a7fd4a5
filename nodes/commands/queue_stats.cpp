#include "nodes/commands/queue_stats.hpp"

#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/job_json.hpp"
#include "services/redis/explain_text.hpp"

#include <algorithm>

namespace darkroom {

using nlohmann::json;

result<json> stats_of(const std::string& name, job_queue& jobs,
                      queue_admin& admin, int64_t now) {
  auto counts = jobs.counts();
  if (!counts)
    return std::move(counts.error());
  auto facts = admin.facts();
  if (!facts)
    return std::move(facts.error());
  auto aside = jobs.count_aside(now);
  if (!aside)
    return std::move(aside.error());
  json out{{"name", name},
           {"paused", counts->paused},
           {"counts", to_json(*counts)},
           {"withoutNode", to_json(*aside)},
           {"workers", facts->workers}};
  out["oldestWaitingMs"] = facts->oldest_waiting > 0 ? json(
                             std::max<int64_t>(now - facts->oldest_waiting, 0))
                                                     : json{};
  if (facts->concurrency > 0)
    out["concurrency"] = facts->concurrency;
  if (facts->limit_max > 0)
    out["limit"] = {{"max", facts->limit_max},
                    {"durationMs", facts->limit_window}};
  return out;
}

void print_stats(const json& stats) {
  auto line = [](const std::string& name, const std::string& value) {
    tell(name + std::string(name.size() < 17 ? 17 - name.size() : 0, ' ') + " "
         + value);
  };
  tell(stats["name"].get<std::string>()
       + (stats["paused"].get<bool>() ? " (paused)" : ""));
  for (const auto& [state, count] : stats["counts"].items())
    line(state, count.dump());
  for (const auto& [name, jobs] : stats["withoutNode"].items())
    line("no node runs", jobs.dump() + " × " + name);
  if (stats["oldestWaitingMs"].is_number())
    line("oldest waits", span_text(stats["oldestWaitingMs"].get<int64_t>()));
  if (stats.contains("concurrency"))
    line("at once", stats["concurrency"].dump());
  if (stats.contains("limit"))
    line("limit", counted(stats["limit"]["max"].get<uint64_t>(), "start")
                    + " in "
                    + span_text(stats["limit"]["durationMs"].get<int64_t>()));
  std::string names;
  for (const auto& x : stats["workers"]) {
    auto name = x.get<std::string>();
    names += " " + (name.empty() ? "(unnamed)" : name);
  }
  line("workers", std::to_string(stats["workers"].size()) + names);
}

} // namespace darkroom
