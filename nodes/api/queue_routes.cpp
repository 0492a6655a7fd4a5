#include "nodes/api/queue_routes.hpp"

#include "config/clock.hpp"
#include "nodes/job_json.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"

namespace darkroom {

queue_routes::queue_routes(node_context& node)
  : node_(node),
    queue_(node.config.redis, node.config.queue, node.queue) {}

void queue_routes::add_to(http_server& server) {
  auto add = [&server](const char* verb, const char* path, auto answer) {
    server.route(verb, path, without_query([answer](const http_request&) {
                   return answer();
                 }),
                 http_lane::redis);
  };
  add("GET", "/api/queue", [this] { return show_queue(); });
  add("POST", "/api/queue/pause", [this] { return set_paused(true); });
  add("POST", "/api/queue/resume", [this] { return set_paused(false); });
}

http_response queue_routes::show_queue() {
  std::lock_guard guard{mutex_};
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

http_response queue_routes::set_paused(bool is_paused) {
  std::lock_guard guard{mutex_};
  auto changed = queue_.set_paused(is_paused);
  if (!changed)
    return error_response(changed.error());
  return json_response(200, write_json({{"paused", is_paused}}));
}

} // namespace darkroom
