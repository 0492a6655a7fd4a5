/// Harm on request, for staging: only with `--chaos`.
#include "nodes/api/ask.hpp"
#include "nodes/api/http_api.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"

#include <caf/send.hpp>

namespace darkroom {

namespace {

constexpr int64_t max_cut_seconds = 600; // longer is an outage, not a test

/// Reads a body into `out`, which has the defaults of what it leaves out.
/// @param read takes the members from JSON; may throw what that throws
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

void http_api::add_chaos_routes(http_server& server) {
  auto add = [&](const char* verb, const char* path, auto answer,
                 bool has_query = false) {
    server.route(verb, path, [this, answer, has_query](const http_request& x) {
      if (!options_.is_chaos)
        return error_response(403, "chaos_off",
                              "this node does not allow chaos",
                              "start it with --chaos, in staging only");
      if (auto refusal = query_reader{x}.refusal(); refusal && !has_query)
        return *refusal;
      return (this->*answer)(x);
    });
  };
  add("POST", "/api/chaos/kill/{actor}", &http_api::kill_actor);
  add("POST", "/api/chaos/nodes/{name}/kill/{actor}",
      &http_api::kill_actor_of_node);
  add("POST", "/api/chaos/nodes/{name}/cut", &http_api::cut_node, true);
  add("GET", "/api/chaos", &http_api::chaos_state);
  add("POST", "/api/chaos/run", &http_api::start_chaos);
  add("POST", "/api/chaos/act", &http_api::act_chaos);
  add("POST", "/api/chaos/stop", &http_api::stop_chaos);
}

http_response http_api::kill_actor(const http_request& request) {
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

http_response http_api::kill_actor_of_node(const http_request& request) {
  return pass_on({request.param("name"), chaos_action::kill_actor,
                  request.param("actor"), 0});
}

http_response http_api::cut_node(const http_request& request) {
  query_reader query{request};
  auto seconds = query.number("seconds", 5, 1, max_cut_seconds);
  if (auto refusal = query.refusal())
    return *refusal;
  return pass_on(
    {request.param("name"), chaos_action::cut, {}, seconds * 1000});
}

http_response http_api::pass_on(const chaos_order& order) {
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

http_response http_api::chaos_state(const http_request&) {
  return json_response(200, write_json({{"bootId", node_.boot_id},
                                        {"stops", chaos_stops_.load()},
                                        {"run", chaos_.status_json()}}));
}

http_response http_api::start_chaos(const http_request& request) {
  chaos_request defaults;
  defaults.actions = "kill-actor,cut-worker";
  auto asked = read_body(request.body, defaults, read_run);
  if (!asked)
    return error_response(asked.error());
  auto options = read_chaos_request(*asked, options_.own_url());
  if (!options)
    return error_response(options.error());
  auto started = chaos_.start(*options);
  if (!started)
    return error_response(started.error());
  return json_response(202, write_json({{"seed", options->plan.seed}}));
}

http_response http_api::act_chaos(const http_request& request) {
  auto asked = read_body(request.body, chaos_step_request{}, read_step);
  if (!asked)
    return error_response(asked.error());
  auto step = read_chaos_step(*asked);
  if (!step)
    return error_response(step.error());
  if (auto started = chaos_.start(options_.own_url(), *step); !started)
    return error_response(started.error());
  return json_response(202, write_json({{"action", to_string(*step)}}));
}

http_response http_api::stop_chaos(const http_request&) {
  ++chaos_stops_;
  chaos_.stop();
  return json_response(202, write_json({{"stops", chaos_stops_.load()}}));
}

} // namespace darkroom
