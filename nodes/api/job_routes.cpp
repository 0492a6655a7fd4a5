#include "nodes/api/job_routes.hpp"

#include "actors/jobs/job_type.hpp"
#include "config/clock.hpp"
#include "config/nearest.hpp"
#include "config/words.hpp"
#include "nodes/api/json_body.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/redis/job_line.hpp"
#include "services/redis/job_options.hpp"
#include "services/trace/request_span.hpp"

#include <utility>

namespace darkroom {

namespace {

constexpr size_t longest_job_name = 200;            // bytes of a job type
constexpr int64_t lowest_priority = 2097151;        // 2^21 - 1, as in BullMQ
constexpr int64_t longest_delay = int64_t{1} << 40; // ms; 34 years

http_response changed(const status& done, const std::string& id,
                      const char* what) {
  if (!done)
    return error_response(done.error());
  return json_response(200, write_json({{"id", id}, {"done", what}}));
}

} // namespace

job_routes::job_routes(node_context& node, catalog_reader& reader)
  : node_(node),
    queue_(node.config.redis, node.config.queue, node.queue),
    changes_(node, reader) {}

void job_routes::add_to(http_server& server) {
  auto with_query = [&](const char* verb, const char* path, auto answer) {
    server.route(
      verb, path,
      [this, answer](const http_request& x) { return (this->*answer)(x); },
      http_lane::redis);
  };
  auto add = [&](const char* verb, const char* path, auto answer) {
    server.route(verb, path, without_query([this, answer](const auto& request) {
                   return (this->*answer)(request);
                 }),
                 http_lane::redis);
  };
  with_query("GET", "/api/jobs", &job_routes::list_jobs);
  add("POST", "/api/jobs", &job_routes::add_job);
  add("GET", "/api/jobs/{id}", &job_routes::one_job);
  add("PATCH", "/api/jobs/{id}", &job_routes::edit_job);
  add("DELETE", "/api/jobs/{id}", &job_routes::remove_job);
  with_query("POST", "/api/jobs/{id}/retry", &job_routes::retry_job);
  add("POST", "/api/jobs/{id}/promote", &job_routes::promote_job);
  add("GET", "/api/jobs/{id}/why", &job_routes::explain_job);
  add("POST", "/api/jobs/{id}/cancel", &job_routes::cancel_job);
}

http_response job_routes::add_job(const http_request& request) {
  json_body body{request};
  new_job job;
  job.name = body.text("name", longest_job_name);
  auto data = body.value("data");
  auto given = body.object("options");
  auto is_forced = body.flag("force", false);
  body.require("name");
  if (auto refusal = body.refusal())
    return *refusal;
  if (!is_forced && !find_job_type(job.name, true))
    return error_response(400, "bad_input",
                          "there is no job type '" + job.name + "'"
                            + suggestion(job.name, job_type_names()),
                          "types are " + joined(job_type_names())
                            + R"(; "force": true adds it for other workers)");
  job.data = data.is_null() ? "{}" : write_json(data);
  auto span = request_span(node_.tracing, request);
  job.options = with_trace_carrier(default_job_options(node_.config.jobs),
                                   write_carrier(span.context()));
  auto made = with_checked_options(std::move(job), given);
  if (!made)
    return error_response(made.error());
  std::lock_guard guard{mutex_};
  auto ids = queue_.add({*made}, wall_clock_ms());
  if (!ids)
    return error_response(ids.error());
  auto existed = queue_.existed() > 0;
  return json_response(existed ? 200 : 201, write_json({{"id", ids->front()},
                                                        {"existed", existed}}));
}

http_response job_routes::edit_job(const http_request& request) {
  auto id = request.param("id");
  json_body body{request};
  job_edit what;
  auto data = body.value("data");
  if (body.has("data"))
    what.data = write_json(data);
  auto priority = body.number("priority", 0, 0, lowest_priority);
  if (body.has("priority"))
    what.priority = static_cast<uint32_t>(priority);
  auto delay = body.number("delay", 0, 0, longest_delay);
  if (body.has("delay"))
    what.delay = delay;
  if (auto refusal = body.refusal())
    return *refusal;
  std::lock_guard guard{mutex_};
  return changed(changes_.admin().edit(id, what, wall_clock_ms()), id,
                 "changed");
}

http_response job_routes::remove_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{mutex_};
  return changed(changes_.remove(id), id, "removed");
}

http_response job_routes::retry_job(const http_request& request) {
  auto id = request.param("id");
  query_reader query{request};
  auto is_fresh = query.word("attempts", "left", {"left", "all"}) == "all";
  if (auto refusal = query.refusal())
    return *refusal;
  std::lock_guard guard{mutex_};
  return changed(changes_.retry(id, is_fresh), id, "retried");
}

http_response job_routes::promote_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{mutex_};
  return changed(changes_.promote(id), id, "promoted");
}

http_response job_routes::cancel_job(const http_request& request) {
  auto id = request.param("id");
  auto is_done = [&] {
    std::lock_guard guard{mutex_};
    return changes_.cancel(id);
  }();
  if (!is_done)
    return error_response(is_done.error());
  if (*is_done)
    return changed(ok, id, "cancelled");
  if (auto stopping = changes_.stop(id); !stopping)
    return error_response(stopping.error());
  return json_response(202, write_json({{"id", id}, {"done", "stopping"}}));
}

} // namespace darkroom
