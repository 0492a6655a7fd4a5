/// The queue over HTTP.
#include "config/clock.hpp"
#include "nodes/http_api.hpp"
#include "nodes/job_json.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"

#include <limits>

namespace darkroom {

namespace {

constexpr uint32_t jobs_a_page = 50;
constexpr int64_t last_page = std::numeric_limits<uint32_t>::max() / jobs_a_page
                              - 1;

} // namespace

void http_api::add_queue_routes(http_server& server) {
  server.route(
    "GET", "/api/queue",
    without_query([this](const http_request& x) { return queue_state(x); }));
  server.route("GET", "/api/jobs",
               [this](const http_request& x) { return list_jobs(x); });
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

http_response http_api::list_jobs(const http_request& request) {
  query_reader query{request};
  auto state = query.word("state", "waiting",
                          {"waiting", "active", "prioritized", "delayed",
                           "completed", "failed", "waiting-children"});
  auto page = static_cast<uint32_t>(query.number("page", 0, 0, last_page));
  if (auto refusal = query.refusal())
    return *refusal;
  std::lock_guard guard{queue_mutex_};
  auto found = queue_.list(state, page * jobs_a_page, jobs_a_page);
  if (!found)
    return error_response(found.error());
  auto jobs = nlohmann::json::array();
  for (const auto& x : *found)
    jobs.push_back(to_json(x));
  return json_response(
    200,
    write_json({{"state", state}, {"page", page}, {"jobs", std::move(jobs)}}));
}

} // namespace darkroom
