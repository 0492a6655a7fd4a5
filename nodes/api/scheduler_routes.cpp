#include "nodes/api/scheduler_routes.hpp"

#include "config/clock.hpp"
#include "nodes/api/json_body.hpp"
#include "services/cron/next_cron.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/json/member.hpp"
#include "services/redis/job_line.hpp"
#include "services/redis/job_options.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

constexpr int64_t most_listed = 500;
constexpr int64_t last_scheduler = 1000000;
constexpr size_t shown_runs = 5;
constexpr size_t longest_id = 200;      // bytes
constexpr size_t longest_type = 200;    // bytes of a job type
constexpr size_t longest_pattern = 200; // bytes, also of a zone
constexpr int64_t longest_interval = int64_t{86400} * 1000 * 366; // ms
constexpr int64_t most_iterations = int64_t{1} << 40;

json number_or_null(int64_t value) {
  return value > 0 ? json(value) : json{};
}

json text_or_null(const std::string& text) {
  return text.empty() ? json{} : json(text);
}

json scheduler_json(const listed_scheduler& from) {
  const auto& x = from.schedule;
  return {
    {"id", x.id},
    {"name", x.name},
    {"every", number_or_null(x.every)},
    {"pattern", text_or_null(x.pattern)},
    {"tz", text_or_null(x.tz)},
    {"limit", number_or_null(x.limit)},
    {"startDate", number_or_null(x.start)},
    {"endDate", number_or_null(x.end)},
    {"iterationCount", from.made},
    {"next", from.next},
    {"nextRuns", next_runs(from, shown_runs)},
    {"template",
     {{"data", json_or_text(x.data)}, {"opts", json_or_text(x.options)}}}};
}

/// Reads a schedule; what is wrong is refused by the body.
job_schedule read_schedule(json_body& body, const std::string& id) {
  job_schedule out;
  out.id = id;
  out.every = body.number("every", 0, 1, longest_interval);
  out.pattern = body.text("pattern", longest_pattern);
  out.tz = body.text("tz", longest_pattern);
  out.limit = body.number("limit", 0, 1, most_iterations);
  out.start = body.time("startDate");
  out.end = body.time("endDate");
  out.name = body.text("name", longest_type);
  if (auto data = body.value("data"); !data.is_null())
    out.data = write_json(data);
  auto options = body.object("options");
  new_job job;
  job.options = "{}";
  auto made = with_checked_options(std::move(job), options);
  if (!made)
    body.refuse("options", "good: " + made.error().context);
  else if (options.contains("jobId"))
    body.refuse("options", "without a jobId, as each job has its own");
  else
    out.options = made->options;
  body.require("name");
  if (!out.pattern.empty())
    if (auto good = parse_cron(out.pattern); !good)
      body.refuse("pattern", "a cron pattern: " + good.error().context);
  if (!out.tz.empty())
    if (auto zone = time_zone::find(out.tz); !zone)
      body.refuse("tz", "a time zone: " + zone.error().context);
  return out;
}

} // namespace

scheduler_routes::scheduler_routes(node_context& node)
  : node_(node),
    book_(node.config.redis, node.config.queue) {}

void scheduler_routes::add_to(http_server& server) {
  server.route(
    "GET", "/api/schedulers",
    [this](const http_request& request) { return list(request); },
    http_lane::redis);
  server.route(
    "PUT", "/api/schedulers/{id}",
    without_query([this](const http_request& request) { return put(request); }),
    http_lane::redis);
  server.route("DELETE", "/api/schedulers/{id}",
               without_query([this](const http_request& request) {
                 return remove(request);
               }),
               http_lane::redis);
}

http_response scheduler_routes::list(const http_request& request) {
  query_reader query{request};
  auto limit = query.number("limit", 50, 1, most_listed);
  auto offset = query.number("offset", 0, 0, last_scheduler);
  if (auto refusal = query.refusal())
    return *refusal;
  std::lock_guard guard{mutex_};
  auto page = book_.list(static_cast<uint64_t>(offset),
                         static_cast<uint32_t>(limit));
  if (!page)
    return error_response(page.error());
  auto listed = json::array();
  for (const auto& x : page->schedulers)
    listed.push_back(scheduler_json(x));
  return json_response(200, write_json({{"schedulers", std::move(listed)},
                                        {"total", page->total}}));
}

http_response scheduler_routes::put(const http_request& request) {
  auto id = request.param("id");
  json_body body{request};
  auto what = read_schedule(body, id);
  auto immediately = body.flag("immediately", false);
  if (id.size() > longest_id)
    return error_response(400, "bad_input",
                          "the scheduler's id is longer than "
                            + std::to_string(longest_id) + " bytes");
  if (auto refusal = body.refusal())
    return *refusal;
  std::lock_guard guard{mutex_};
  auto job = book_.put(what, immediately,
                       default_job_options(node_.config.jobs), wall_clock_ms());
  if (!job)
    return error_response(job.error());
  return json_response(
    200, write_json({{"id", id}, {"jobId", job->id}, {"next", job->due}}));
}

http_response scheduler_routes::remove(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{mutex_};
  if (auto done = book_.remove(id, wall_clock_ms()); !done)
    return error_response(done.error());
  return json_response(200, write_json({{"id", id}, {"removed", true}}));
}

} // namespace darkroom
