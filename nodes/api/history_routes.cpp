#include "nodes/api/history_routes.hpp"

#include "config/clock.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

constexpr int64_t most_hours = int64_t{366} * 24;

/// A series: null where nothing was noted.
json series_of(const queue_course& course, uint64_t history_point::*member) {
  auto out = json::array();
  for (const auto& x : course.points)
    out.push_back(x ? json(*x.*member) : json{});
  return out;
}

json to_json(const queue_course& course) {
  return {{"from", course.from},
          {"step", course.step},
          {"series",
           {{"waiting", series_of(course, &history_point::waiting)},
            {"active", series_of(course, &history_point::active)},
            {"delayed", series_of(course, &history_point::delayed)},
            {"completed", series_of(course, &history_point::completed)},
            {"failed", series_of(course, &history_point::failed)}}}};
}

} // namespace

history_routes::history_routes(const settings& config)
  : redis_(config.redis),
    keys_(config.queue.prefix, config.queue.name),
    history_(redis_, keys_, config.http.history_days) {}

void history_routes::add_to(http_server& server) {
  server.route(
    "GET", "/api/history",
    [this](const auto& request) { return show(request); }, http_lane::redis);
}

http_response history_routes::show(const http_request& request) {
  query_reader query{request};
  auto hours = query.number("hours", 1, 1, most_hours);
  if (auto refusal = query.refusal())
    return *refusal;
  std::lock_guard guard{mutex_};
  auto course = history_.read(static_cast<uint32_t>(hours), wall_clock_ms());
  if (!course)
    return error_response(course.error());
  return json_response(200, write_json(to_json(*course)));
}

} // namespace darkroom
