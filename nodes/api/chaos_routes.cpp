#include "nodes/api/chaos_routes.hpp"

#include "nodes/api/ask.hpp"
#include "nodes/api/json_body.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"

#include <caf/send.hpp>

#include <utility>

namespace darkroom {

namespace {

constexpr int64_t max_cut_seconds = 600; // longer is an outage, not a test

constexpr int64_t largest_whole = int64_t{1} << 53; // in JavaScript's numbers
constexpr size_t longest_text = 1000;               // bytes
constexpr size_t longest_path = 4096;               // bytes

/// Reads a text; one that is missing leaves `out` as it is.
void take(json_body& body, const char* name, size_t most, std::string& out) {
  auto text = body.text(name, most);
  if (body.has(name))
    out = std::move(text);
}

chaos_request read_run(json_body& body) {
  chaos_request out;
  out.actions = "kill-actor,cut-worker";
  take(body, "duration", longest_text, out.duration);
  take(body, "every", longest_text, out.every);
  take(body, "away", longest_text, out.away);
  take(body, "settle", longest_text, out.settle);
  take(body, "actions", longest_text, out.actions);
  take(body, "sample", longest_path, out.picture);
  out.seed = static_cast<uint64_t>(body.number("seed", 0, 0, largest_whole));
  out.jobs = static_cast<uint64_t>(body.number("jobs", 0, 0, largest_whole));
  out.blast_radius
    = static_cast<uint32_t>(body.number("blastRadius", 1, 1, UINT32_MAX));
  return out;
}

chaos_step_request read_step(json_body& body) {
  chaos_step_request out;
  take(body, "action", longest_text, out.action);
  take(body, "node", longest_text, out.node);
  take(body, "actor", longest_text, out.actor);
  take(body, "away", longest_text, out.away);
  return out;
}

} // namespace

chaos_routes::chaos_routes(node_context& node,
                           std::function<main_address()> own_address)
  : node_(node),
    own_address_(std::move(own_address)),
    runner_(node.config) {}

void chaos_routes::add_to(http_server& server) {
  auto add = [&](const char* verb, const char* path, auto answer,
                 bool has_query = false) {
    server.route(verb, path, [this, answer, has_query](const http_request& x) {
      if (!node_.allows_chaos)
        return error_response(403, "chaos_off",
                              "this node does not allow chaos",
                              "start it with --chaos, in staging only");
      if (auto refusal = query_reader{x}.refusal(); refusal && !has_query)
        return *refusal;
      return (this->*answer)(x);
    });
  };
  add("POST", "/api/chaos/kill/{actor}", &chaos_routes::kill_actor);
  add("POST", "/api/chaos/nodes/{name}/kill/{actor}",
      &chaos_routes::kill_actor_of_node);
  add("POST", "/api/chaos/nodes/{name}/cut", &chaos_routes::cut_node, true);
  add("GET", "/api/chaos", &chaos_routes::show_run);
  add("POST", "/api/chaos/run", &chaos_routes::start_run);
  add("POST", "/api/chaos/act", &chaos_routes::act);
  add("POST", "/api/chaos/stop", &chaos_routes::stop_run);
}

http_response chaos_routes::kill_actor(const http_request& request) {
  auto wanted = request.param("actor");
  if (wanted == "processor") // of this node's own pool
    if (auto pool
        = node_.peers->find<processor_pool_actor>(role::processor_pool)) {
      caf::anon_send(pool, chaos_order{node_.name, chaos_action::kill_actor,
                                       wanted, 0});
      return json_response(202, write_json({{"killed", wanted}}));
    }
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

http_response chaos_routes::kill_actor_of_node(const http_request& request) {
  return pass_on({request.param("name"), chaos_action::kill_actor,
                  request.param("actor"), 0});
}

http_response chaos_routes::cut_node(const http_request& request) {
  query_reader query{request};
  auto seconds = query.number("seconds", 5, 1, max_cut_seconds);
  if (auto refusal = query.refusal())
    return *refusal;
  return pass_on(
    {request.param("name"), chaos_action::cut, {}, seconds * 1000});
}

http_response chaos_routes::pass_on(const chaos_order& order) {
  if (node_.has_pool)
    return error_response(404, "not_found",
                          "no worker node can join this main node",
                          "POST /api/chaos/kill/{actor} acts here");
  auto registry = node_.peers->find<node_registry_actor>(role::node_registry);
  if (!registry)
    return error_response(503, "not_ready", "the registry of nodes restarts",
                          "ask again");
  auto answer = ask<chaos_answer>(node_, registry, order);
  if (!answer.is_known)
    return error_response(404, "not_found",
                          "there is no node '" + order.name + "'",
                          "GET /api/nodes lists them");
  if (!answer.refusal.empty())
    return error_response(403, "chaos_refused", answer.refusal);
  return json_response(202, write_json({{"node", order.name},
                                        {"actor", order.actor},
                                        {"cutMs", order.duration_ms}}));
}

http_response chaos_routes::show_run(const http_request&) {
  return json_response(200, write_json({{"bootId", node_.boot_id},
                                        {"stops", stops_.load()},
                                        {"run", runner_.status_json()}}));
}

http_response chaos_routes::start_run(const http_request& request) {
  json_body body{request};
  auto asked = read_run(body);
  if (auto refusal = body.refusal())
    return *refusal;
  auto options = read_chaos_request(asked, own_address_());
  if (!options)
    return error_response(options.error());
  auto started = runner_.start(*options);
  if (!started)
    return error_response(started.error());
  return json_response(202, write_json({{"seed", options->plan.seed}}));
}

http_response chaos_routes::act(const http_request& request) {
  json_body body{request};
  auto asked = read_step(body);
  if (auto refusal = body.refusal())
    return *refusal;
  auto step = read_chaos_step(asked);
  if (!step)
    return error_response(step.error());
  if (auto started = runner_.start(own_address_(), *step); !started)
    return error_response(started.error());
  return json_response(202, write_json({{"action", to_string(*step)}}));
}

http_response chaos_routes::stop_run(const http_request&) {
  ++stops_;
  runner_.stop();
  return json_response(202, write_json({{"stops", stops_.load()}}));
}

} // namespace darkroom
