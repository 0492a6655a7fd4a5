#include "nodes/api/job_routes.hpp"

#include "actors/jobs/job_subject.hpp"
#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "nodes/api/stop_running.hpp"
#include "nodes/job_json.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <limits>
#include <utility>

namespace darkroom {

namespace {

constexpr uint32_t jobs_per_page = 50;
constexpr int64_t last_page
  = std::numeric_limits<uint32_t>::max() / jobs_per_page - 1;

http_response changed(const status& done, const std::string& id,
                      const char* what) {
  if (!done)
    return error_response(done.error());
  return json_response(200, write_json({{"id", id}, {"done", what}}));
}

} // namespace

job_routes::job_routes(node_context& node, catalog_reader reader)
  : node_(node),
    reader_(std::move(reader)),
    queue_(node.config.redis, node.config.queue, node.queue),
    admin_(node.config.redis, node.config.queue) {}

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
  add("GET", "/api/jobs/{id}", &job_routes::one_job);
  add("DELETE", "/api/jobs/{id}", &job_routes::remove_job);
  with_query("POST", "/api/jobs/{id}/retry", &job_routes::retry_job);
  add("POST", "/api/jobs/{id}/promote", &job_routes::promote_job);
  add("GET", "/api/jobs/{id}/why", &job_routes::explain_job);
  add("POST", "/api/jobs/{id}/cancel", &job_routes::cancel_job);
}

http_response job_routes::list_jobs(const http_request& request) {
  query_reader query{request};
  auto state = query.word("state", "waiting",
                          {"waiting", "active", "prioritized", "delayed",
                           "completed", "failed", "waiting-children"});
  auto page = static_cast<uint32_t>(query.number("page", 0, 0, last_page));
  if (auto refusal = query.refusal())
    return *refusal;
  std::lock_guard guard{mutex_};
  auto found = queue_.list(state, page * jobs_per_page, jobs_per_page);
  if (!found)
    return error_response(found.error());
  auto jobs = nlohmann::json::array();
  for (const auto& x : *found)
    jobs.push_back(to_json(x));
  return json_response(
    200,
    write_json({{"state", state}, {"page", page}, {"jobs", std::move(jobs)}}));
}

http_response job_routes::one_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{mutex_};
  auto job = admin_.find(id);
  if (!job)
    return error_response(job.error());
  auto place = queue_.explain(id, wall_clock_ms());
  auto logs = admin_.logs(id);
  if (!place || !logs)
    return error_response(!place ? place.error() : logs.error());
  auto out = to_json(*job);
  if (auto parsed = parse_json(*place); parsed)
    out["state"] = text_member(*parsed, "state");
  out["logs"] = *logs;
  return json_response(200, write_json(out));
}

http_response job_routes::remove_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{mutex_};
  auto job = admin_.find(id);
  if (!job)
    return error_response(job.error());
  if (auto refusal = refuse_without_catalog(*job))
    return *refusal;
  auto done = admin_.remove(id, wall_clock_ms());
  auto failed = failed_job_of(*job, removed_reason);
  if (done && field_of(*job, "finishedOn").empty() && failure_note(failed))
    tell_failure(failed);
  return changed(done, id, "removed");
}

http_response job_routes::retry_job(const http_request& request) {
  auto id = request.param("id");
  query_reader query{request};
  auto is_fresh = query.word("attempts", "left", {"left", "all"}) == "all";
  if (auto refusal = query.refusal())
    return *refusal;
  std::lock_guard guard{mutex_};
  return changed(admin_.retry(id, is_fresh, wall_clock_ms()), id, "retried");
}

http_response job_routes::promote_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{mutex_};
  return changed(admin_.promote(id, wall_clock_ms()), id, "promoted");
}

http_response job_routes::explain_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{mutex_};
  auto place = queue_.explain(id, wall_clock_ms());
  if (!place)
    return error_response(place.error());
  if (place->empty())
    return error_response(fail(ec::not_found, "there is no job " + id));
  return json_response(200, *place);
}

http_response job_routes::cancel_job(const http_request& request) {
  auto id = request.param("id");
  {
    std::lock_guard guard{mutex_};
    auto job = admin_.find(id);
    if (!job)
      return error_response(job.error());
    if (auto refusal = refuse_without_catalog(*job))
      return *refusal;
    auto done = admin_.cancel(id, wall_clock_ms());
    if (!done)
      return error_response(done.error());
    if (*done) {
      tell_failure(failed_job_of(*job, cancel_reason));
      return json_response(200,
                           write_json({{"id", id}, {"done", "cancelled"}}));
    }
  }
  return cancel_running(id);
}

http_response job_routes::cancel_running(const std::string& id) {
  auto stopping = stop_running(node_, {id});
  if (!stopping.failure.empty())
    return error_response(503, "not_ready",
                          "the dispatcher did not answer: " + stopping.failure);
  if (stopping.ids.empty())
    return error_response(
      409, "conflict", "job " + id + " runs, but not under this main node",
      "ask the process that runs it: `darkroom job show` names it");
  return json_response(202, write_json({{"id", id}, {"done", "stopping"}}));
}

/// The catalog must hear about a job that is removed or cancelled. While the
/// catalog is down, the job stays, as its picture would otherwise be pending
/// forever.
std::optional<http_response>
job_routes::refuse_without_catalog(const stored_job& job) {
  auto subject = subject_of(std::string{field_of(job, "data")});
  if (!part_of(std::string{field_of(job, "name")}) || subject.image_id.empty())
    return std::nullopt;
  auto there = reader_.image(subject.image_id);
  if (there || there.error().code != ec::catalog_unavailable)
    return std::nullopt;
  return error_response(there.error(), "nothing was done: ask again once the "
                                       "catalog is back");
}

void job_routes::tell_failure(const failed_job& job) {
  auto catalog = node_.peers->find<catalog_actor>(role::catalog);
  if (auto told = failure_note(job); told && catalog) {
    caf::scoped_actor self{node_.system};
    self->request(catalog, actor_timeout, *told)
      .receive([] {},
               [&](const caf::error& failed) {
                 spdlog::warn("catalog did not note the end of job {}: {}",
                              job.stamp.job_id, node_.system.render(failed));
               });
  }
  auto publisher
    = node_.peers->find<event_publisher_actor>(role::event_publisher);
  if (publisher && node_.config.events.publish)
    caf::anon_send(publisher,
                   event_batch{{failure_event(job, wall_clock_ms())}});
}

} // namespace darkroom
