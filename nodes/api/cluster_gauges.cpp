#include "nodes/api/cluster_gauges.hpp"

#include "config/clock.hpp"
#include "nodes/api/ask.hpp"
#include "services/redis/queue_totals.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

/// @param time ms; 0 if there is none
double seconds_since(int64_t time) {
  if (time == 0)
    return 0;
  return static_cast<double>(std::max<int64_t>(wall_clock_ms() - time, 0))
         / 1000;
}

} // namespace

cluster_gauges::cluster_gauges(node_context& node)
  : node_(node),
    queue_(node.config.redis, node.config.queue, node.queue),
    of_queue_{
      {"queue", node.counted->bounded("queue", node.config.queue.name)}} {
  node.counted->set(gauge::build_info,
                    {{"version", DARKROOM_VERSION},
                     {"protocol", std::to_string(protocol_version())}},
                    1);
  node.counted->set(gauge::main_active, {}, 1);
}

void cluster_gauges::measure() {
  measure_queue();
  measure_work();
  measure_nodes();
}

void cluster_gauges::measure_work() {
  auto work = ask<dispatch_status>(node_, dispatcher_of(node_), look_work_v);
  auto& counted = *node_.counted;
  counted.set(gauge::jobs_running, {}, work.running);
  counted.set(gauge::jobs_unsettled, {}, work.unsettled);
  counted.set(gauge::slots, {}, work.slots);
  counted.set(gauge::oldest_running, of_queue_,
              seconds_since(work.oldest_start));
  if (work.last_fetch > 0)
    counted.set(gauge::last_fetch, {},
                static_cast<double>(work.last_fetch) / 1000);
  if (node_.fence > 0) // the first holder took it over from nobody
    counted.add_up_to(counter::takeovers, {},
                      static_cast<double>(node_.fence - 1));
}

void cluster_gauges::measure_queue() {
  auto& counted = *node_.counted;
  measure_counts();
  measure_homeless();
  if (auto oldest = oldest_waiting(queue_.connection(), queue_.keys()))
    counted.set(gauge::oldest_waiting, of_queue_, seconds_since(*oldest));
  if (auto totals = totals_of(queue_.connection(), queue_.keys())) {
    counted.copy(counter::bullmq_completed, of_queue_,
                 static_cast<double>(totals->completed));
    counted.copy(counter::bullmq_failed, of_queue_,
                 static_cast<double>(totals->failed));
  }
}

void cluster_gauges::measure_counts() {
  auto& counted = *node_.counted;
  auto counts = queue_.counts();
  counted.set(gauge::redis_up, {}, counts ? 1 : 0);
  if (!counts)
    return;
  auto set = [&](const char* state, uint64_t value) {
    auto jobs = static_cast<double>(value);
    counted.set(gauge::queue_jobs, {{"state", state}}, jobs);
    auto of_state = of_queue_;
    of_state["state"] = state;
    counted.set(gauge::bullmq_jobs, of_state, jobs);
  };
  set("waiting", counts->waiting);
  set("active", counts->active);
  set("delayed", counts->delayed);
  set("prioritized", counts->prioritized);
  set("completed", counts->completed);
  set("failed", counts->failed);
  set("waiting-children", counts->waiting_children);
  counted.set(gauge::queue_paused, {}, counts->paused ? 1 : 0);
}

void cluster_gauges::measure_homeless() {
  auto& counted = *node_.counted;
  auto aside = queue_.count_aside(wall_clock_ms());
  if (!aside)
    return;
  for (auto& [name, jobs] : homeless_)
    jobs = 0; // types that have a node again
  for (const auto& x : *aside)
    homeless_[counted.bounded("name", x.job_name)] += x.jobs;
  for (const auto& [name, jobs] : homeless_)
    counted.set(gauge::jobs_without_node, {{"type", name}},
                static_cast<double>(jobs));
}

void cluster_gauges::measure_nodes() {
  auto& counted = *node_.counted;
  measure_actors(node_.name, own_actors(node_));
  auto registry = node_.peers->find<node_registry_actor>(role::node_registry);
  std::set<std::string> there;
  for (const auto& x : ask<node_list>(node_, registry, list_nodes_v).nodes) {
    measure_actors(x.hello.name, x.report.actors);
    metrics::labels of_node{{"node", x.hello.name}};
    counted.set(gauge::node_clock_skew, of_node,
                static_cast<double>(x.clock_skew) / 1000);
    counted.set(gauge::node_load, of_node, x.report.load);
    counted.set(gauge::node_memory, of_node,
                static_cast<double>(x.report.memory));
    counted.set(gauge::node_running, of_node, x.report.pool.running);
    counted.set(gauge::node_slots, of_node, x.report.pool.slots);
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
