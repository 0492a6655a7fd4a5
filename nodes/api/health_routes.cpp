/// Whether the node is well, for probes and Prometheus.
#include "config/clock.hpp"
#include "nodes/api/ask.hpp"
#include "nodes/api/http_api.hpp"
#include "services/json/json.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr const char* redis_hint
  = "jobs run on and are settled once Redis does it";

/// How long a probe waits for what it asks about, and how old an answer may be
/// that it gives instead: a short stutter is no reason to take a node out.
constexpr std::chrono::milliseconds probe_patience{1000};
constexpr std::chrono::milliseconds health_age{3000};

} // namespace

void http_api::add_health_routes(http_server& server, sse_hub&) {
  server.route(
    "GET", "/livez",
    [](const http_request&) {
      return json_response(200, R"({"status":"alive"})");
    },
    http_lane::instant);
  server.route(
    "GET", "/readyz", [this](const http_request&) { return readiness(); },
    http_lane::probe);
  server.route(
    "GET", "/metrics", [this](const http_request&) { return latest_metrics(); },
    http_lane::probe);
}

http_api::health_look http_api::look_at_health() {
  health_look out;
  auto dispatcher = node_.peers->find<dispatcher_actor>(role::dispatcher);
  out.work = try_ask<dispatch_status>(node_, dispatcher, look_work_v);
  if (auto counts = probe_queue_.counts(); !counts)
    out.redis = std::move(counts.error());
  return out;
}

http_response http_api::readiness() {
  json facts{{"role", "active"}};
  auto not_ready = [&facts](const std::string& why, const char* hint) {
    facts["status"] = "not ready";
    facts["error"] = {{"code", "not_ready"}, {"message", why}, {"hint", hint}};
    return json_response(503, write_json(facts));
  };
  if (node_.is_leaving)
    return not_ready("this node drains", "it ends when its jobs have");
  auto seen = health_.get(probe_patience);
  if (!seen.value || seen.age > health_age)
    return not_ready("Redis or the dispatcher has not answered for "
                       + std::to_string(seen.age.count()) + " ms",
                     redis_hint);
  const auto& work = seen.value->work;
  if (work)
    facts.update({{"slots", work->slots},
                  {"running", work->running},
                  {"unsettled", work->unsettled}});
  if (work && work->last_fetch > 0)
    facts["lastFetchAgeMs"]
      = std::max<int64_t>(wall_clock_ms() - work->last_fetch, 0);
  if (!seen.value->redis)
    return not_ready(seen.value->redis.error().context, redis_hint);
  if (!work)
    return not_ready("the dispatcher does not answer",
                     "its supervisor starts it anew if it ended");
  if (!work->trouble.empty())
    return not_ready(work->trouble, redis_hint);
  facts["status"] = node_.is_quiet ? "quiet" : "ready";
  return json_response(200, write_json(facts));
}

http_response http_api::latest_metrics() {
  auto& counted = *node_.counted;
  auto seen = measured_.get(probe_patience);
  if (!seen.value || seen.age > health_age)
    counted.set(gauge::redis_up, {}, 0);
  counted.set(gauge::metrics_age, {},
              static_cast<double>(seen.age.count()) / 1000);
  count_served();
  http_response out;
  out.content_type = metrics_content_type;
  out.body = counted.text();
  return out;
}

/// The server knows these itself, so they are right even while Redis hangs.
void http_api::count_served() {
  auto total = [this](counter which, uint64_t value) {
    node_.counted->add_up_to(which, {}, static_cast<double>(value));
  };
  auto now = [this](gauge which, uint64_t value) {
    node_.counted->set(which, {}, static_cast<double>(value));
  };
  auto served = server_->counters();
  now(gauge::http_connections, served.connections);
  now(gauge::http_pending, served.pending);
  total(counter::http_requests, served.requests);
  total(counter::http_refused, served.refused);
  total(counter::http_failed, served.failed);
  auto streams = hub_->counters();
  now(gauge::sse_clients, streams.clients);
  total(counter::sse_events, streams.events);
  total(counter::sse_dropped, streams.dropped);
  total(counter::sse_kicked, streams.kicked);
  total(counter::sse_refused, streams.refused);
}

bool http_api::measure_all() {
  {
    auto counts = metrics_queue_.counts();
    if (counts) {
      auto set = [this](const char* state, uint64_t value) {
        node_.counted->set(gauge::queue_jobs, {{"state", state}},
                           static_cast<double>(value));
      };
      set("waiting", counts->waiting);
      set("active", counts->active);
      set("delayed", counts->delayed);
      set("prioritized", counts->prioritized);
      set("completed", counts->completed);
      set("failed", counts->failed);
    }
    if (auto aside = metrics_queue_.count_aside(wall_clock_ms())) {
      for (auto& [name, jobs] : homeless_)
        jobs = 0; // those that found a node
      for (const auto& x : *aside)
        homeless_[x.job_name] = x.jobs;
      for (const auto& [name, jobs] : homeless_)
        node_.counted->set(gauge::jobs_without_node, {{"type", name}},
                           static_cast<double>(jobs));
    }
    node_.counted->set(gauge::redis_up, {}, counts ? 1 : 0);
  }
  auto work = ask<dispatch_status>(
    node_, node_.peers->find<dispatcher_actor>(role::dispatcher), look_work_v);
  node_.counted->set(gauge::jobs_running, {}, work.running);
  node_.counted->set(gauge::jobs_unsettled, {}, work.unsettled);
  node_.counted->set(gauge::slots, {}, work.slots);
  if (work.last_fetch > 0)
    node_.counted->set(gauge::last_fetch, {},
                       static_cast<double>(work.last_fetch) / 1000);
  measure_nodes();
  return true;
}

void http_api::measure_nodes() {
  measure_actors(node_.name, own_actors());
  auto registry = node_.peers->find<node_registry_actor>(role::node_registry);
  std::set<std::string> there;
  for (const auto& x : ask<node_list>(node_, registry, list_nodes_v).nodes) {
    measure_actors(x.hello.name, x.report.actors);
    node_.counted->set(gauge::node_clock_skew, {{"node", x.hello.name}},
                       static_cast<double>(x.clock_skew) / 1000);
    there.insert(x.hello.name);
  }
  for (const auto& name : std::exchange(measured_nodes_, there))
    if (there.count(name) == 0)
      node_.counted->forget("node", name);
  node_.counted->set(gauge::nodes, {},
                     static_cast<double>(there.size() + node_.has_pool));
}

void http_api::measure_actors(const std::string& node, const child_list& list) {
  for (const auto& x : list.children) {
    metrics::labels where{{"node", node}, {"actor", x.name}};
    node_.counted->add_up_to(counter::actor_restarts, where,
                             static_cast<double>(x.restarts));
    node_.counted->set(gauge::actor_age, where,
                       static_cast<double>(x.age_ms) / 1000);
    node_.counted->set(gauge::actor_mailbox, where,
                       static_cast<double>(x.mailbox));
    node_.counted->set(gauge::actor_lag, where,
                       static_cast<double>(x.lag_ms) / 1000);
  }
}

} // namespace darkroom
