/// The node itself over HTTP: its workers, its actors, whether it is well.
#include "config/defaults.hpp"
#include "nodes/http_api.hpp"
#include "services/json/json.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

namespace darkroom {

namespace {

using nlohmann::json;

json nodes_of(node_context& node) {
  auto out = json::array();
  if (node.peers->find_any(role::processor_pool)) // solo and dev
    out.push_back({{"name", node.name},
                   {"bootId", node.boot_id},
                   {"state", "up"},
                   {"role", "main and work"},
                   {"concurrency", node.config.worker.concurrency}});
  auto registry = node.peers->find<node_registry_actor>(role::node_registry);
  if (!registry)
    return out;
  caf::scoped_actor self{node.system};
  self->request(registry, actor_timeout, list_nodes_v)
    .receive(
      [&](const node_list& list) {
        for (const auto& x : list.nodes)
          out.push_back({{"name", x.name},
                         {"bootId", x.boot_id},
                         {"state", "up"},
                         {"role", "work"},
                         {"concurrency", x.concurrency},
                         {"lastSeen", x.last_seen},
                         {"joined", x.joined}});
      },
      [](const caf::error&) {
        // The registry restarts: it lists nobody for that moment.
      });
  return out;
}

json actors_of(node_context& node) {
  auto out = json::array();
  auto root = node.root.lock();
  if (!root)
    return out;
  caf::scoped_actor self{node.system};
  self
    ->request(caf::actor_cast<supervisor_actor>(root), actor_timeout,
              children_v)
    .receive(
      [&](const child_list& list) {
        for (const auto& x : list.children)
          out.push_back({{"name", x.name},
                         {"running", x.running},
                         {"restarts", x.restarts}});
      },
      [](const caf::error&) {
        // The node stops.
      });
  return out;
}

} // namespace

void http_api::add_node_routes(http_server& server, sse_hub& hub) {
  server.route("GET", "/api/nodes", [this](const http_request& x) {
    return list_nodes_and_actors(x);
  });
  server.route("GET", "/livez", [](const http_request&) {
    return json_response(200, R"({"status":"alive"})");
  });
  server.route("GET", "/readyz",
               [this](const http_request& x) { return readiness(x); });
  server.route("GET", "/metrics", [this, &server, &hub](const http_request&) {
    return metrics_text(server, hub);
  });
  if (options_.is_chaos)
    server.route("POST", "/api/chaos/kill/{actor}",
                 [this](const http_request& x) { return kill_actor(x); });
}

http_response http_api::list_nodes_and_actors(const http_request&) {
  json main{{"name", node_.name},
            {"bootId", node_.boot_id},
            {"chaos", options_.is_chaos},
            {"actors", actors_of(node_)}};
  if (!node_.security.empty())
    main["security"] = node_.security;
  return json_response(
    200, write_json({{"nodes", nodes_of(node_)}, {"main", std::move(main)}}));
}

http_response http_api::readiness(const http_request&) {
  std::lock_guard guard{queue_mutex_};
  auto counts = queue_.counts();
  if (!counts)
    return error_response(503, "not_ready", counts.error().context,
                          "jobs run on and are settled once Redis is back");
  if (!node_.peers->find_any(role::dispatcher))
    return error_response(503, "not_ready", "the dispatcher is not running");
  return json_response(200, R"({"status":"ready"})");
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
    metrics_.set("darkroom_redis_up", {}, counts ? 1 : 0);
  }
  auto streams = hub.counters();
  metrics_.set("darkroom_sse_clients", {},
               static_cast<double>(streams.clients));
  metrics_.add_up_to("darkroom_sse_events_total", {},
                     static_cast<double>(streams.events));
  metrics_.add_up_to("darkroom_http_requests_total", {},
                     static_cast<double>(server.counters().requests));
  for (const auto& x : actors_of(node_))
    metrics_.add_up_to("darkroom_actor_restarts_total",
                       {{"actor", x["name"].get<std::string>()}},
                       x["restarts"].get<double>());
  metrics_.set("darkroom_nodes", {},
               static_cast<double>(nodes_of(node_).size()));
  http_response out;
  out.content_type = metrics_content_type;
  out.body = metrics_.text();
  return out;
}

http_response http_api::kill_actor(const http_request& request) {
  auto wanted = request.param("actor");
  for (auto i = 0; i < static_cast<int>(role::count_); ++i) {
    auto which = static_cast<role>(i);
    if (wanted != to_string(which))
      continue;
    auto handle = node_.peers->find_any(which);
    if (!handle)
      break;
    caf::anon_send_exit(handle, caf::exit_reason::kill);
    return json_response(202, write_json({{"killed", wanted}}));
  }
  return error_response(404, "not_found", "no actor '" + wanted + "' runs here",
                        "GET /api/nodes lists them");
}

} // namespace darkroom
