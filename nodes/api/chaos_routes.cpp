#include "nodes/api/chaos_routes.hpp"

#include "nodes/api/ask.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"

#include <caf/send.hpp>

#include <utility>

namespace darkroom {

namespace {

constexpr int64_t max_cut_seconds = 600; // longer is an outage, not a test

/// Reads a request from a body.
/// @param out holds the defaults of the members that the body leaves out
/// @param read takes the members from JSON; may throw nlohmann's exceptions
template <class Request, class Read>
result<Request> read_body(const std::string& body, Request out, Read read) {
  auto asked = parse_json(body.empty() ? "{}" : body);
  if (!asked)
    return fail(ec::bad_input, "the body is " + asked.error().context);
  try {
    read(*asked, out);
  } catch (const nlohmann::json::exception& wrong) {
    return fail(ec::bad_input,
                std::string{"the body is not such a request: "} + wrong.what());
  }
  return out;
}

template <class T>
void take(const nlohmann::json& from, const char* name, T& out) {
  out = from.value(name, out);
}

void read_run(const nlohmann::json& from, chaos_request& out) {
  take(from, "duration", out.duration);
  take(from, "every", out.every);
  take(from, "away", out.away);
  take(from, "settle", out.settle);
  take(from, "actions", out.actions);
  take(from, "seed", out.seed);
  take(from, "jobs", out.jobs);
  take(from, "blastRadius", out.blast_radius);
  take(from, "sample", out.picture);
}

void read_step(const nlohmann::json& from, chaos_step_request& out) {
  take(from, "action", out.action);
  take(from, "node", out.node);
  take(from, "actor", out.actor);
  take(from, "away", out.away);
}

} // namespace

chaos_routes::chaos_routes(node_context& node,
                           std::function<std::string()> own_url)
  : node_(node),
    own_url_(std::move(own_url)),
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
  chaos_request defaults;
  defaults.actions = "kill-actor,cut-worker";
  auto asked = read_body(request.body, defaults, read_run);
  if (!asked)
    return error_response(asked.error());
  auto options = read_chaos_request(*asked, own_url_());
  if (!options)
    return error_response(options.error());
  auto started = runner_.start(*options);
  if (!started)
    return error_response(started.error());
  return json_response(202, write_json({{"seed", options->plan.seed}}));
}

http_response chaos_routes::act(const http_request& request) {
  auto asked = read_body(request.body, chaos_step_request{}, read_step);
  if (!asked)
    return error_response(asked.error());
  auto step = read_chaos_step(*asked);
  if (!step)
    return error_response(step.error());
  if (auto started = runner_.start(own_url_(), *step); !started)
    return error_response(started.error());
  return json_response(202, write_json({{"action", to_string(*step)}}));
}

http_response chaos_routes::stop_run(const http_request&) {
  ++stops_;
  runner_.stop();
  return json_response(202, write_json({{"stops", stops_.load()}}));
}

} // namespace darkroom
