/// The queue over HTTP.
#include "config/clock.hpp"
#include "nodes/api/http_api.hpp"
#include "nodes/job_json.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"

namespace darkroom {

void http_api::add_queue_routes(http_server& server) {
  server.route(
    "GET", "/api/queue",
    without_query([this](const http_request& x) { return queue_state(x); }));
  server.route(
    "POST", "/api/queue/pause",
    without_query([this](const http_request&) { return set_paused(true); }));
  server.route(
    "POST", "/api/queue/resume",
    without_query([this](const http_request&) { return set_paused(false); }));
}

http_response http_api::queue_state(const http_request&) {
  std::lock_guard guard{queue_mutex_};
  auto counts = queue_.counts();
  if (!counts)
    return error_response(counts.error());
  auto aside = queue_.count_aside(wall_clock_ms());
  if (!aside)
    return error_response(aside.error());
  nlohmann::json out{{"name", node_.config.queue.name},
                     {"prefix", node_.config.queue.prefix},
                     {"paused", counts->paused},
                     {"counts", to_json(*counts)},
                     {"withoutNode", to_json(*aside)}};
  return json_response(200, write_json(out));
}

http_response http_api::set_paused(bool is_paused) {
  std::lock_guard guard{queue_mutex_};
  auto changed = queue_.set_paused(is_paused);
  if (!changed)
    return error_response(changed.error());
  return json_response(200, write_json({{"paused", is_paused}}));
}

} // namespace darkroom
