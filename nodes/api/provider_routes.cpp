#include "nodes/api/provider_routes.hpp"

#include "config/clock.hpp"
#include "nodes/budget_lines.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/redis/budget_text.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

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
  auto providers = json::array();
  for (const auto& x : *known)
    providers.push_back(to_json(x, now));
  return json_response(
    200, write_json(
           {{"providers", std::move(providers)},
            {"budget", darkroom::to_json(
                         budget_lines(node_.config.budget, *spent), now)}}));
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

} // namespace darkroom
