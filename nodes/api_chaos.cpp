/// Harm on request, for staging: only with `--chaos`.
#include "config/units.hpp"
#include "nodes/ask.hpp"
#include "nodes/http_api.hpp"
#include "services/json/json.hpp"

#include <caf/send.hpp>

namespace darkroom {

namespace {

constexpr int64_t max_cut_seconds = 600; // longer is an outage, not a test

/// Reads the body of a run's request; what it leaves out has its default.
result<chaos_request> request_of(const std::string& body) {
  auto asked = parse_json(body.empty() ? "{}" : body);
  if (!asked)
    return fail(ec::bad_input, "the body is " + asked.error().context);
  chaos_request out;
  out.actions = "kill-actor,cut-worker";
  try {
    out.duration = asked->value("duration", out.duration);
    out.every = asked->value("every", out.every);
    out.away = asked->value("away", out.away);
    out.settle = asked->value("settle", out.settle);
    out.actions = asked->value("actions", out.actions);
    out.seed = asked->value("seed", out.seed);
    out.jobs = asked->value("jobs", out.jobs);
    out.blast_radius = asked->value("blastRadius", out.blast_radius);
    out.picture = asked->value("sample", out.picture);
  } catch (const nlohmann::json::exception& wrong) {
    return fail(ec::bad_input,
                std::string{"the body is not such a request: "} + wrong.what());
  }
  return out;
}

} // namespace

void http_api::add_chaos_routes(http_server& server) {
  auto add = [&](const char* verb, const char* path, auto answer) {
    server.route(verb, path, [this, answer](const http_request& x) {
      if (!options_.is_chaos)
        return error_response(403, "chaos_off",
                              "this node does not allow chaos",
                              "start it with --chaos, in staging only");
      return (this->*answer)(x);
    });
  };
  add("POST", "/api/chaos/kill/{actor}", &http_api::kill_actor);
  add("POST", "/api/chaos/nodes/{name}/kill/{actor}",
      &http_api::kill_actor_of_node);
  add("POST", "/api/chaos/nodes/{name}/cut", &http_api::cut_node);
  add("GET", "/api/chaos", &http_api::chaos_state);
  add("POST", "/api/chaos/run", &http_api::start_chaos);
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
  auto seconds = parse_number(request.arg("seconds", "5"));
  if (!seconds || *seconds < 1 || *seconds > max_cut_seconds)
    return error_response(400, "bad_input",
                          "seconds is no whole number from 1 to "
                            + std::to_string(max_cut_seconds));
  return pass_on(
    {request.param("name"), chaos_action::cut, {}, *seconds * 1000});
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
  auto asked = request_of(request.body);
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

http_response http_api::stop_chaos(const http_request&) {
  ++chaos_stops_;
  chaos_.stop();
  return json_response(202, write_json({{"stops", chaos_stops_.load()}}));
}

} // namespace darkroom
