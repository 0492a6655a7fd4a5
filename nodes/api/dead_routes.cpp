#include "nodes/api/dead_routes.hpp"

#include "config/clock.hpp"
#include "nodes/api/job_filter_query.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/redis/dead_letters.hpp"
#include "services/redis/failure_cause.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr uint64_t most_dead_read
  = 20000; // dead letters per answer: some 100 ms
constexpr size_t most_causes = 200;
constexpr size_t longest_cause = 300;   // bytes
constexpr int64_t highest_rate = 10000; // jobs per second
constexpr int64_t most_redriven = INT32_MAX;

/// The dead letters of one job type with one cause.
struct cause_group {
  uint64_t count = 0;
  int64_t oldest = 0, newest = 0; // ms
  std::string example;            // the newest one's id
};

using cause_key = std::pair<std::string, std::string>; // cause, job type

json causes_json(const std::map<cause_key, cause_group>& groups) {
  std::vector<std::pair<cause_key, cause_group>> sorted{groups.begin(),
                                                        groups.end()};
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second.count != b.second.count ? a.second.count > b.second.count
                                            : a.second.newest > b.second.newest;
  });
  sorted.resize(std::min(sorted.size(), most_causes));
  auto out = json::array();
  for (const auto& [key, group] : sorted)
    out.push_back({{"cause", key.first},
                   {"name", key.second},
                   {"count", group.count},
                   {"oldest", group.oldest},
                   {"newest", group.newest},
                   {"exampleId", group.example}});
  return out;
}

http_response run_response(unsigned status, const redrive_state& run) {
  return json_response(
    status,
    write_json({{"state", run.name},
                {"redriven", run.redriven},
                {"refused", run.refused},
                {"startedAt", run.started_at ? json(run.started_at) : json{}},
                {"endedAt", run.ended_at ? json(run.ended_at) : json{}},
                {"error", run.error.empty() ? json{} : json(run.error)}}));
}

} // namespace

dead_routes::dead_routes(node_context& node)
  : admin_(node.config.redis, node.config.queue),
    redrive_(node.config.redis, node.config.queue) {}

void dead_routes::add_to(http_server& server) {
  server.route(
    "GET", "/api/dead/causes",
    [this](const http_request& request) { return list_causes(request); },
    http_lane::redis);
  auto add = [&server](const char* verb, const char* path, auto answer) {
    server.route(verb, path, without_query([answer](const http_request& x) {
                   return answer(x);
                 }),
                 http_lane::redis);
  };
  add("POST", "/api/dead/redrive",
      [this](const auto& request) { return start_redrive(request); });
  add("GET", "/api/dead/redrive",
      [this](const auto&) { return run_response(200, redrive_.state()); });
  add("POST", "/api/dead/redrive/stop", [this](const auto&) {
    redrive_.stop();
    return run_response(200, redrive_.state());
  });
}

http_response dead_routes::list_causes(const http_request& request) {
  query_reader query{request};
  std::optional<http_response> refusal;
  auto filter = read_job_filter(query, refusal);
  if (refusal)
    return *refusal;
  std::map<cause_key, cause_group> groups;
  uint64_t read = 0;
  std::lock_guard guard{mutex_};
  auto walked = each_dead(
    admin_, filter, true, wall_clock_ms(),
    [&](const stored_job& job) -> result<visited> {
      auto time = number_of_field(job, "finishedOn");
      auto& group = groups[{cause_of(field_of(job, "failedReason")),
                            std::string{field_of(job, "name")}}];
      if (group.count++ == 0) {
        group.newest = time;
        group.example = job.id;
      }
      group.oldest = time;
      return ++read < most_dead_read ? visited::kept : visited::last;
    });
  if (!walked)
    return error_response(walked.error());
  return json_response(200, write_json({{"causes", causes_json(groups)},
                                        {"jobs", read},
                                        {"more", read == most_dead_read}}));
}

http_response dead_routes::start_redrive(const http_request& request) {
  json_body body{request};
  redrive_request what;
  what.which = read_job_filter(body);
  what.cause = body.text("cause", longest_cause);
  what.limit = static_cast<uint64_t>(body.number("limit", 0, 0, most_redriven));
  if (auto rate = body.number("rate", 0, 1, highest_rate); rate > 0)
    what.pace = std::chrono::microseconds{std::chrono::seconds{1}} / rate;
  if (auto refusal = body.refusal())
    return *refusal;
  if (auto started = redrive_.start(std::move(what)); !started)
    return error_response(started.error(),
                          "GET /api/dead/redrive tells how far it is");
  return run_response(202, redrive_.state());
}

} // namespace darkroom
