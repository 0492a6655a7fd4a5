#include "nodes/api/node_routes.hpp"

#include "actors/validate.hpp"
#include "nodes/api/ask.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"

#include <caf/send.hpp>

#include <utility>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr size_t max_order_id = 1000; // bytes; validate() decides finally

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

const char* state_of(const std::optional<pool_status>& pool) {
  return pool ? state_of(*pool) : "joining";
}

const char* state_of(const node_report& report) {
  return report.name.empty() ? "joining" : state_of(report.pool);
}

json to_json(const std::vector<processor_status>& list) {
  auto out = json::array();
  for (const auto& x : list)
    out.push_back({{"jobId", x.job_id}, {"busyMs", x.busy_ms}});
  return out;
}

/// The node's process, which chaos sends signals to; null if the node does not
/// allow chaos.
json process_of(const node_hello& hello) {
  if (!hello.allows_chaos)
    return {};
  return {
    {"machine", hello.machine}, {"pid", hello.pid}, {"started", hello.started}};
}

json to_json(const node_traits& traits) {
  auto out = json::array();
  for (const auto& x : traits)
    out.push_back({{"what", x.what},
                   {"value", x.value},
                   {"where", x.where},
                   {"isDefault", x.is_default}});
  return out;
}

/// How many jobs it runs at once: as it says now, or said when it joined.
uint32_t slots_of(const node_status& x) {
  const auto& pool = x.report.pool;
  return pool.slots > 0 ? pool.slots : x.hello.concurrency;
}

/// Null if the node does not tell: it speaks protocol 11.
json done_of(const pool_status& pool) {
  return pool.done < 0 ? json{} : json(pool.done);
}

json to_json(const node_status& x) {
  return {{"name", x.hello.name},
          {"bootId", x.hello.boot_id},
          {"role", "work"},
          {"state", state_of(x.report)},
          {"version", x.hello.version},
          {"protocol", x.hello.protocol},
          {"labels", x.hello.labels},
          {"jobTypes", x.hello.job_types},
          {"concurrency", slots_of(x)},
          {"running", x.report.pool.running},
          {"done", done_of(x.report.pool)},
          {"order", x.report.pool.order},
          {"processors", to_json(x.report.pool.processors)},
          {"load", x.report.load},
          {"memory", x.report.memory},
          {"machineMemory", x.hello.memory},
          {"clockSkewMs", x.clock_skew},
          {"lastSeen", x.last_seen},
          {"joined", x.joined},
          {"traits", to_json(x.hello.traits)},
          {"chaos", x.hello.allows_chaos},
          {"process", process_of(x.hello)},
          {"strategy", x.report.actors.strategy},
          {"actors", to_json(x.report.actors)}};
}

json nodes_of(node_context& node) {
  auto out = json::array();
  if (node.has_pool) {
    auto pool = node.peers->find<processor_pool_actor>(role::processor_pool);
    auto answer = try_ask<pool_status>(node, pool, look_pool_v);
    auto does = answer.value_or(pool_status{});
    out.push_back({{"name", node.name},
                   {"bootId", node.boot_id},
                   {"state", state_of(answer)},
                   {"order", does.order},
                   {"role", "main and work"},
                   {"version", DARKROOM_VERSION},
                   {"protocol", protocol_version()},
                   {"jobTypes", node.job_types},
                   {"running", does.running},
                   {"done", done_of(does)},
                   {"processors", to_json(does.processors)},
                   {"concurrency", node.slots->load()}});
  }
  auto registry = node.peers->find<node_registry_actor>(role::node_registry);
  for (const auto& x : ask<node_list>(node, registry, list_nodes_v).nodes)
    out.push_back(to_json(x));
  return out;
}

} // namespace

void node_routes::add_to(http_server& server) {
  server.route("GET", "/api/nodes", without_query([this](const http_request&) {
                 return list_nodes();
               }));
  for (const char* verb : {"cordon", "uncordon"})
    server.route("POST", "/api/nodes/{name}/" + std::string{verb},
                 [this, verb](const http_request& x) {
                   return order_node(x, std::string_view{verb} == "cordon");
                 });
}

http_response node_routes::list_nodes() {
  auto actors = own_actors(node_);
  json main{{"name", node_.name},          {"bootId", node_.boot_id},
            {"version", DARKROOM_VERSION}, {"protocol", protocol_version()},
            {"fence", node_.fence},        {"chaos", node_.allows_chaos},
            {"strategy", actors.strategy}, {"traits", to_json(node_.traits)},
            {"actors", to_json(actors)}};
  if (!node_.security.empty())
    main["security"] = node_.security;
  if (!node_.mark.name.empty())
    main["mark"] = {{"name", node_.mark.name}, {"id", node_.mark.id}};
  return json_response(
    200, write_json({{"nodes", nodes_of(node_)}, {"main", std::move(main)}}));
}

http_response node_routes::order_node(const http_request& request,
                                      bool is_cordoned) {
  auto name = request.param("name");
  query_reader query{request};
  node_order order{name, is_cordoned, query.text("id", max_order_id)};
  if (auto refusal = query.refusal())
    return *refusal;
  if (auto problem = validate(order); !problem.empty())
    return error_response(400, "bad_input", "the order's " + problem);
  auto is_own = name == node_.name && node_.has_pool;
  auto is_known = is_own ? order_own_pool(order) : order_worker(order);
  if (!is_known)
    return error_response(
      503, "not_ready",
      "the actor that knows node '" + name + "' does not answer", "ask again");
  if (!*is_known)
    return error_response(404, "not_found", "there is no node '" + name + "'",
                          "GET /api/nodes lists them");
  return json_response(202,
                       write_json({{"name", name}, {"cordoned", is_cordoned}}));
}

std::optional<bool> node_routes::order_own_pool(const node_order& order) {
  auto pool = node_.peers->find<processor_pool_actor>(role::processor_pool);
  if (!pool)
    return {}; // it restarts
  caf::anon_send(pool, order);
  return true;
}

std::optional<bool> node_routes::order_worker(const node_order& order) {
  if (node_.has_pool)
    return false;
  auto registry = node_.peers->find<node_registry_actor>(role::node_registry);
  return try_ask<bool>(node_, registry, order);
}

} // namespace darkroom
