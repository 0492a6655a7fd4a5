#include "nodes/api/cluster_gauges.hpp"

#include "config/clock.hpp"
#include "nodes/api/ask.hpp"

#include <utility>

namespace darkroom {

cluster_gauges::cluster_gauges(node_context& node)
  : node_(node),
    queue_(node.config.redis, node.config.queue, node.queue) {}

void cluster_gauges::measure() {
  measure_queue();
  auto work = ask<dispatch_status>(node_, dispatcher_of(node_), look_work_v);
  auto& counted = *node_.counted;
  counted.set(gauge::jobs_running, {}, work.running);
  counted.set(gauge::jobs_unsettled, {}, work.unsettled);
  counted.set(gauge::slots, {}, work.slots);
  if (work.last_fetch > 0)
    counted.set(gauge::last_fetch, {},
                static_cast<double>(work.last_fetch) / 1000);
  measure_nodes();
}

void cluster_gauges::measure_queue() {
  auto& counted = *node_.counted;
  auto counts = queue_.counts();
  if (counts) {
    auto set = [&counted](const char* state, uint64_t value) {
      counted.set(gauge::queue_jobs, {{"state", state}},
                  static_cast<double>(value));
    };
    set("waiting", counts->waiting);
    set("active", counts->active);
    set("delayed", counts->delayed);
    set("prioritized", counts->prioritized);
    set("completed", counts->completed);
    set("failed", counts->failed);
  }
  if (auto aside = queue_.count_aside(wall_clock_ms())) {
    for (auto& [name, jobs] : homeless_)
      jobs = 0; // types that have a node again
    for (const auto& x : *aside)
      homeless_[x.job_name] = x.jobs;
    for (const auto& [name, jobs] : homeless_)
      counted.set(gauge::jobs_without_node, {{"type", name}},
                  static_cast<double>(jobs));
  }
  counted.set(gauge::redis_up, {}, counts ? 1 : 0);
}

void cluster_gauges::measure_nodes() {
  auto& counted = *node_.counted;
  measure_actors(node_.name, own_actors(node_));
  auto registry = node_.peers->find<node_registry_actor>(role::node_registry);
  std::set<std::string> there;
  for (const auto& x : ask<node_list>(node_, registry, list_nodes_v).nodes) {
    measure_actors(x.hello.name, x.report.actors);
    counted.set(gauge::node_clock_skew, {{"node", x.hello.name}},
                static_cast<double>(x.clock_skew) / 1000);
    there.insert(x.hello.name);
  }
  for (const auto& name : std::exchange(nodes_, there))
    if (there.count(name) == 0)
      counted.forget("node", name);
  counted.set(gauge::nodes, {},
              static_cast<double>(there.size() + node_.has_pool));
}

void cluster_gauges::measure_actors(const std::string& node,
                                    const child_list& list) {
  auto& counted = *node_.counted;
  for (const auto& x : list.children) {
    metrics::labels where{{"node", node}, {"actor", x.name}};
    counted.add_up_to(counter::actor_restarts, where,
                      static_cast<double>(x.restarts));
    counted.set(gauge::actor_age, where, static_cast<double>(x.age_ms) / 1000);
    counted.set(gauge::actor_mailbox, where, static_cast<double>(x.mailbox));
    counted.set(gauge::actor_lag, where, static_cast<double>(x.lag_ms) / 1000);
  }
}

} // namespace darkroom
