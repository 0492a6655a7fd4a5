#include "nodes/api/provider_routes.hpp"

#include "config/clock.hpp"
#include "nodes/api/json_body.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/redis/budget_lines.hpp"
#include "services/redis/budget_text.hpp"
#include "services/redis/limit_lines.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

constexpr size_t longest_limit = 100; // bytes

json to_json(const provider_state& x, int64_t now) {
  auto rests = x.resting_until > now;
  json out{{"id", x.id},
           {"resource", x.resource},
           {"state", rests                 ? "resting"
                     : x.resting_since > 0 ? "trying"
                     : x.has_answered      ? "working"
                                           : "new"}};
  if (x.resting_since > 0) {
    out["restingSince"] = x.resting_since;
    out["restingUntil"] = x.resting_until;
    out["refusals"] = x.rounds;
    out["message"] = x.words;
  }
  if (auto learned = parse_json(x.learned))
    out["profile"] = std::move(*learned);
  return out;
}

} // namespace

provider_routes::provider_routes(node_context& node)
  : node_(node),
    book_(node.config.redis, node.config.queue),
    overrides_(node.config.redis, node.config.queue),
    queue_(node.config.redis, node.config.queue, node.queue) {}

void provider_routes::add_to(http_server& server) {
  server.route("GET", "/api/providers",
               without_query([this](const http_request&) { return show(); }),
               http_lane::redis);
  server.route("POST", "/api/providers/{resource}/resume",
               without_query([this](const http_request& request) {
                 return resume(request.param("resource"));
               }),
               http_lane::redis);
  server.route("GET", "/api/limits", without_query([this](const http_request&) {
                 return show_limits();
               }),
               http_lane::redis);
  server.route("PUT", "/api/limits",
               without_query([this](const http_request& request) {
                 return change_limits(request);
               }),
               http_lane::redis);
}

http_response provider_routes::show() {
  std::lock_guard guard{mutex_};
  auto now = wall_clock_ms();
  auto known = book_.providers();
  if (!known)
    return error_response(known.error());
  auto spent = book_.spent_on(day_of(now));
  if (!spent)
    return error_response(spent.error());
  auto in_force = node_.live->get();
  if (auto changed = overrides_.apply(in_force); !changed)
    return error_response(changed.error());
  auto providers = json::array();
  for (const auto& x : *known)
    providers.push_back(to_json(x, now));
  return json_response(
    200, write_json(
           {{"providers", std::move(providers)},
            {"budget",
             darkroom::to_json(budget_lines(in_force.budget, *spent), now)}}));
}

http_response provider_routes::resume(const std::string& resource) {
  if (resource != "vision" && resource != "embedding")
    return error_response(404, "not_found",
                          "there is no resource '" + resource + "'",
                          "the resources are vision and embedding");
  std::lock_guard guard{mutex_};
  auto ended = queue_.end_rest(resource, true, wall_clock_ms());
  if (!ended)
    return error_response(ended.error());
  return json_response(200, write_json({{"resumed", *ended}}));
}

http_response provider_routes::show_limits() {
  std::lock_guard guard{mutex_};
  auto configured = node_.live->get();
  auto in_force = configured;
  auto changed = overrides_.apply(in_force);
  if (!changed)
    return error_response(changed.error());
  return json_response(
    200, write_json({{"limits", darkroom::to_json(limit_lines(
                                  configured, in_force, *changed))}}));
}

http_response provider_routes::change_limits(const http_request& request) {
  json_body body{request};
  limit_changes changes;
  for (const auto& name : changeable_limits())
    if (auto text = body.text(name, longest_limit); body.has(name))
      changes[name] = text;
  if (auto refusal = body.refusal())
    return *refusal;
  {
    std::lock_guard guard{mutex_};
    if (auto done = change_limits_of(queue_, overrides_, changes); !done)
      return error_response(done.error());
  }
  return show_limits();
}

} // namespace darkroom
