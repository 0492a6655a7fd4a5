/// The node itself over HTTP: its workers, its actors, whether it is well.
#include "config/clock.hpp"
#include "nodes/ask.hpp"
#include "nodes/http_api.hpp"
#include "services/json/json.hpp"

#include <caf/send.hpp>

#include <set>
#include <utility>

namespace darkroom {

namespace {

using nlohmann::json;

json to_json(const child_list& list) {
  auto out = json::array();
  for (const auto& x : list.children)
    out.push_back({{"name", x.name},
                   {"running", x.running},
                   {"restarts", x.restarts},
                   {"ageMs", x.age_ms},
                   {"mailbox", x.mailbox},
                   {"lagMs", x.lag_ms}});
  return out;
}

const char* state_of(const pool_status& pool) {
  if (!pool.is_cordoned)
    return "up";
  return pool.running == 0 ? "drained" : "cordoned";
}

/// Which process a node is, for those that may do harm to it.
json process_of(const node_hello& hello) {
  if (!hello.allows_chaos)
    return {};
  return {
    {"machine", hello.machine}, {"pid", hello.pid}, {"started", hello.started}};
}

json to_json(const node_status& x) {
  return {{"name", x.hello.name},
          {"bootId", x.hello.boot_id},
          {"role", "work"},
          {"state", state_of(x.report.pool)},
          {"version", x.hello.version},
          {"labels", x.hello.labels},
          {"jobTypes", x.hello.job_types},
          {"concurrency", x.hello.concurrency},
          {"running", x.report.pool.running},
          {"processors", x.report.pool.processors},
          {"load", x.report.load},
          {"memory", x.report.memory},
          {"machineMemory", x.hello.memory},
          {"clockSkewMs", x.clock_skew},
          {"lastSeen", x.last_seen},
          {"joined", x.joined},
          {"chaos", x.hello.allows_chaos},
          {"process", process_of(x.hello)},
          {"strategy", x.report.actors.strategy},
          {"actors", to_json(x.report.actors)}};
}

json nodes_of(node_context& node) {
  auto out = json::array();
  auto pool = node.peers->find<processor_pool_actor>(role::processor_pool);
  if (pool) { // solo and dev
    auto does = ask<pool_status>(node, pool, look_pool_v);
    out.push_back({{"name", node.name},
                   {"bootId", node.boot_id},
                   {"state", state_of(does)},
                   {"role", "main and work"},
                   {"version", DARKROOM_VERSION},
                   {"jobTypes", node.job_types},
                   {"running", does.running},
                   {"processors", does.processors},
                   {"concurrency", node.config.worker.concurrency}});
  }
  auto registry = node.peers->find<node_registry_actor>(role::node_registry);
  for (const auto& x : ask<node_list>(node, registry, list_nodes_v).nodes)
    out.push_back(to_json(x));
  return out;
}

child_list actors_of(node_context& node) {
  auto root = node.root.lock();
  return root ? ask<child_list>(node, caf::actor_cast<supervisor_actor>(root),
                                children_v)
              : child_list{};
}

} // namespace

void http_api::add_node_routes(http_server& server, sse_hub& hub) {
  server.route("GET", "/api/nodes", [this](const http_request& x) {
    return list_nodes_and_actors(x);
  });
  for (const char* verb : {"cordon", "uncordon"})
    server.route("POST", "/api/nodes/{name}/" + std::string{verb},
                 [this, verb](const http_request& x) {
                   return order_node(x, std::string_view{verb} == "cordon");
                 });
  server.route("GET", "/livez", [](const http_request&) {
    return json_response(200, R"({"status":"alive"})");
  });
  server.route("GET", "/readyz",
               [this](const http_request& x) { return readiness(x); });
  server.route("GET", "/metrics", [this, &server, &hub](const http_request&) {
    return metrics_text(server, hub);
  });
}

http_response http_api::list_nodes_and_actors(const http_request&) {
  auto actors = actors_of(node_);
  json main{{"name", node_.name},          {"bootId", node_.boot_id},
            {"version", DARKROOM_VERSION}, {"fence", node_.fence},
            {"chaos", options_.is_chaos},  {"strategy", actors.strategy},
            {"actors", to_json(actors)}};
  if (!node_.security.empty())
    main["security"] = node_.security;
  return json_response(
    200, write_json({{"nodes", nodes_of(node_)}, {"main", std::move(main)}}));
}

http_response http_api::order_node(const http_request& request,
                                   bool is_cordoned) {
  auto name = request.param("name");
  auto registry = node_.peers->find<node_registry_actor>(role::node_registry);
  auto is_known = name == node_.name
                    ? order_own_pool(is_cordoned)
                    : ask<bool>(node_, registry, node_order{name, is_cordoned});
  if (!is_known)
    return error_response(404, "not_found", "there is no node '" + name + "'",
                          "GET /api/nodes lists them");
  return json_response(202,
                       write_json({{"name", name}, {"cordoned", is_cordoned}}));
}

bool http_api::order_own_pool(bool is_cordoned) {
  auto pool = node_.peers->find<processor_pool_actor>(role::processor_pool);
  if (!pool)
    return false;
  caf::anon_send(pool, node_order{node_.name, is_cordoned});
  return true;
}

http_response http_api::readiness(const http_request&) {
  {
    std::lock_guard guard{queue_mutex_};
    auto counts = queue_.counts();
    if (!counts) // what broke may be this connection, while it was idle
      counts = queue_.counts();
    if (!counts)
      return error_response(503, "not_ready", counts.error().context,
                            "jobs run on and are settled once Redis is back");
  }
  auto dispatcher = node_.peers->find<dispatcher_actor>(role::dispatcher);
  if (!dispatcher)
    return error_response(503, "not_ready", "the dispatcher is not running");
  auto work = ask<dispatch_status>(node_, dispatcher, look_work_v);
  json out{{"status", "ready"},
           {"role", "active"},
           {"slots", work.slots},
           {"running", work.running},
           {"unsettled", work.unsettled}};
  if (work.last_fetch > 0)
    out["lastFetchAgeMs"] = std::max<int64_t>(wall_clock_ms() - work.last_fetch,
                                              0);
  return json_response(200, write_json(out));
}

http_response http_api::metrics_text(http_server& server, sse_hub& hub) {
  {
    std::lock_guard guard{queue_mutex_};
    auto counts = queue_.counts();
    if (counts) {
      auto set = [this](const char* state, uint64_t value) {
        metrics_.set("darkroom_queue_jobs", {{"state", state}},
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
        jobs = 0; // those that found a node
      for (const auto& x : *aside)
        homeless_[x.job_name] = x.jobs;
      for (const auto& [name, jobs] : homeless_)
        metrics_.set("darkroom_jobs_without_node", {{"type", name}},
                     static_cast<double>(jobs));
    }
    metrics_.set("darkroom_redis_up", {}, counts ? 1 : 0);
  }
  auto work = ask<dispatch_status>(
    node_, node_.peers->find<dispatcher_actor>(role::dispatcher), look_work_v);
  metrics_.set("darkroom_jobs_running", {}, work.running);
  metrics_.set("darkroom_jobs_unsettled", {}, work.unsettled);
  metrics_.set("darkroom_slots", {}, work.slots);
  if (work.last_fetch > 0)
    metrics_.set("darkroom_last_fetch_timestamp_seconds", {},
                 static_cast<double>(work.last_fetch) / 1000);
  auto streams = hub.counters();
  metrics_.set("darkroom_sse_clients", {},
               static_cast<double>(streams.clients));
  metrics_.add_up_to("darkroom_sse_events_total", {},
                     static_cast<double>(streams.events));
  metrics_.add_up_to("darkroom_http_requests_total", {},
                     static_cast<double>(server.counters().requests));
  measure_nodes();
  http_response out;
  out.content_type = metrics_content_type;
  out.body = metrics_.text();
  return out;
}

void http_api::measure_nodes() {
  measure_actors(node_.name, actors_of(node_));
  auto registry = node_.peers->find<node_registry_actor>(role::node_registry);
  std::set<std::string> there;
  for (const auto& x : ask<node_list>(node_, registry, list_nodes_v).nodes) {
    measure_actors(x.hello.name, x.report.actors);
    there.insert(x.hello.name);
  }
  for (const auto& name : std::exchange(measured_nodes_, there))
    if (there.count(name) == 0)
      metrics_.forget("node", name);
  metrics_.set("darkroom_nodes", {},
               static_cast<double>(nodes_of(node_).size()));
}

void http_api::measure_actors(const std::string& node, const child_list& list) {
  for (const auto& x : list.children) {
    metrics::labels where{{"node", node}, {"actor", x.name}};
    metrics_.add_up_to("darkroom_actor_restarts_total", where,
                       static_cast<double>(x.restarts));
    metrics_.set("darkroom_actor_age_seconds", where,
                 static_cast<double>(x.age_ms) / 1000);
    metrics_.set("darkroom_actor_mailbox_messages", where,
                 static_cast<double>(x.mailbox));
    metrics_.set("darkroom_actor_lag_seconds", where,
                 static_cast<double>(x.lag_ms) / 1000);
  }
}

} // namespace darkroom
