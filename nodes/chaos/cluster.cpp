#include "nodes/chaos/cluster.hpp"

#include "actors/directory.hpp"
#include "nodes/main_api.hpp"
#include "services/json/json.hpp"
#include "services/process/signal_process.hpp"

#include <algorithm>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr std::chrono::milliseconds look_time{2000};

/// One of a pool's processors. It is not among the node's children.
constexpr const char* a_processor = "processor";

worker_sight worker_of(const json& x) {
  worker_sight out;
  out.name = text_member(x, "name");
  out.boot_id = text_member(x, "bootId");
  out.last_seen = x.value("lastSeen", int64_t{0});
  out.allows_chaos = x.value("chaos", false);
  if (auto process = x.value("process", json{}); process.is_object())
    out.process = {text_member(process, "machine"),
                   process.value("pid", int64_t{0}),
                   text_member(process, "started")};
  return out;
}

cluster_sight cluster_of(const json& all) {
  cluster_sight out;
  const auto& main = all.at("main");
  out.main = text_member(main, "bootId");
  for (const auto& x : main.at("actors")) {
    out.main_actors.push_back(text_member(x, "name"));
    if (out.main_actors.back() == to_string(role::processor_pool))
      out.main_actors.push_back(a_processor);
  }
  for (const auto& x : all.at("nodes")) {
    out.job_types.push_back(x.value("jobTypes", std::vector<std::string>{}));
    if (text_member(x, "role") == "work")
      out.workers.push_back(worker_of(x));
  }
  return out;
}

} // namespace

bool cluster_sight::runs(const std::string& job_type) const {
  return !job_types.empty()
         && std::all_of(job_types.begin(), job_types.end(), [&](const auto& x) {
              return std::count(x.begin(), x.end(), job_type) > 0;
            });
}

const worker_sight* cluster_sight::find(const std::string& name) const {
  auto found = std::find_if(workers.begin(), workers.end(),
                            [&](const auto& x) { return x.name == name; });
  return found == workers.end() ? nullptr : &*found;
}

result<cluster_sight> look_at_cluster(const main_address& main) {
  auto all = ask_main(main + "/api/nodes", {}, look_time);
  if (!all)
    return std::move(all.error());
  if (!all->contains("main") || !all->contains("nodes"))
    return fail(ec::protocol, main.url + " is not a main node of darkroom");
  if (!(*all)["main"].value("chaos", false))
    return fail(ec::conflict, "the main node at " + main.url
                                + " does not allow chaos: start it with "
                                  "--chaos, in staging only");
  return cluster_of(*all);
}

chaos_fleet fleet_of(const cluster_sight& cluster) {
  chaos_fleet out;
  out.main_actors = cluster.main_actors;
  for (const auto& x : cluster.workers) {
    if (!x.allows_chaos) {
      ++out.bystanders;
      continue;
    }
    out.workers.push_back(
      {x.name,
       {to_string(role::processor_pool), to_string(role::uplink), a_processor},
       static_cast<bool>(may_signal(x.process))});
  }
  return out;
}

result<stop_count> look_at_stops(const main_address& main) {
  auto answer = ask_main(main + "/api/chaos", {}, look_time);
  if (!answer)
    return std::move(answer.error());
  return stop_count{text_member(*answer, "bootId"),
                    answer->value("stops", uint64_t{0})};
}

} // namespace darkroom
