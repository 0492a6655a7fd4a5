/// Jobs over HTTP: lists of them, a look at one, and what operators do to it.
#include "actors/jobs/job_subject.hpp"
#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "nodes/api/http_api.hpp"
#include "nodes/job_json.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <limits>

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

std::string field_of(const stored_job& job, std::string_view name) {
  for (const auto& [field, text] : job.fields)
    if (field == name)
      return text;
  return {};
}

} // namespace

void http_api::add_job_routes(http_server& server) {
  auto add = [&](const char* verb, const char* path, auto answer) {
    server.route(verb, path, without_query([this, answer](const auto& request) {
                   return (this->*answer)(request);
                 }));
  };
  server.route("GET", "/api/jobs",
               [this](const http_request& x) { return list_jobs(x); });
  add("GET", "/api/jobs/{id}", &http_api::one_job);
  add("DELETE", "/api/jobs/{id}", &http_api::remove_job);
  server.route("POST", "/api/jobs/{id}/retry",
               [this](const http_request& x) { return retry_job(x); });
  add("POST", "/api/jobs/{id}/promote", &http_api::promote_job);
  add("GET", "/api/jobs/{id}/why", &http_api::explain_job);
  add("POST", "/api/jobs/{id}/cancel", &http_api::cancel_job);
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

http_response http_api::one_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{queue_mutex_};
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

http_response http_api::remove_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{queue_mutex_};
  auto job = admin_.find(id);
  if (!job)
    return error_response(job.error());
  if (auto refusal = refuse_without_catalog(*job))
    return *refusal;
  auto done = admin_.remove(id, wall_clock_ms());
  if (done && field_of(*job, "finishedOn").empty())
    note_failed(*job, "the job was removed");
  return changed(done, id, "removed");
}

http_response http_api::retry_job(const http_request& request) {
  auto id = request.param("id");
  query_reader query{request};
  auto is_fresh = query.word("attempts", "left", {"left", "all"}) == "all";
  if (auto refusal = query.refusal())
    return *refusal;
  std::lock_guard guard{queue_mutex_};
  return changed(admin_.retry(id, is_fresh, wall_clock_ms()), id, "retried");
}

http_response http_api::promote_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{queue_mutex_};
  return changed(admin_.promote(id, wall_clock_ms()), id, "promoted");
}

http_response http_api::explain_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{queue_mutex_};
  auto place = queue_.explain(id, wall_clock_ms());
  if (!place)
    return error_response(place.error());
  if (place->empty())
    return error_response(fail(ec::not_found, "there is no job " + id));
  return json_response(200, *place);
}

http_response http_api::cancel_job(const http_request& request) {
  auto id = request.param("id");
  {
    std::lock_guard guard{queue_mutex_};
    auto job = admin_.find(id);
    if (!job)
      return error_response(job.error());
    if (auto refusal = refuse_without_catalog(*job))
      return *refusal;
    auto done = admin_.cancel(id, wall_clock_ms());
    if (!done)
      return error_response(done.error());
    if (*done) {
      tell_cancelled(*job);
      return json_response(200,
                           write_json({{"id", id}, {"done", "cancelled"}}));
    }
  }
  return cancel_running(id);
}

id_list http_api::stop_running(const std::vector<std::string>& ids) {
  id_list stopping;
  auto dispatcher = node_.peers->find<dispatcher_actor>(role::dispatcher);
  if (!dispatcher) {
    stopping.failure = "it is not running";
    return stopping;
  }
  caf::scoped_actor self{node_.system};
  self->request(dispatcher, actor_timeout, cancel_jobs{ids})
    .receive([&](id_list& answer) { stopping = std::move(answer); },
             [&](const caf::error& why) {
               stopping.failure = node_.system.render(why);
             });
  return stopping;
}

http_response http_api::cancel_running(const std::string& id) {
  auto stopping = stop_running({id});
  if (!stopping.failure.empty())
    return error_response(503, "not_ready",
                          "the dispatcher did not answer: " + stopping.failure);
  if (stopping.ids.empty())
    return error_response(
      409, "conflict", "job " + id + " runs, but not under this main node",
      "ask the process that runs it: `darkroom job show` names it");
  return json_response(202, write_json({{"id", id}, {"done", "stopping"}}));
}

/// A job that ends here leaves a word in the catalog. Where that is away the
/// job stays, or its picture would be pending for ever.
std::optional<http_response>
http_api::refuse_without_catalog(const stored_job& job) {
  auto subject = subject_of(field_of(job, "data"));
  if (!part_of(field_of(job, "name")) || subject.image_id.empty())
    return std::nullopt;
  auto there = reader_.image(subject.image_id);
  if (there || there.error().code != ec::catalog_unavailable)
    return std::nullopt;
  return error_response(there.error(), "nothing was done: ask again once the "
                                       "catalog is back");
}

/// As the dispatcher would: the picture's part has failed.
void http_api::note_failed(const stored_job& job, const char* why) {
  auto subject = subject_of(field_of(job, "data"));
  auto part = part_of(field_of(job, "name"));
  auto number = [&job](std::string_view field) {
    return std::strtoll(field_of(job, field).c_str(), nullptr, 10);
  };
  auto catalog = node_.peers->find<catalog_actor>(role::catalog);
  if (!part || subject.image_id.empty() || !catalog)
    return;
  part_note note{{job.id, number("timestamp"),
                  static_cast<uint32_t>(number("ats"))},
                 subject.image_id,
                 subject.file_path,
                 *part,
                 why};
  caf::scoped_actor self{node_.system};
  self->request(catalog, actor_timeout, note)
    .receive([] {},
             [&](const caf::error& failed) {
               spdlog::warn("catalog did not note the end of job {}: {}",
                            job.id, node_.system.render(failed));
             });
}

void http_api::tell_cancelled(const stored_job& job) {
  note_failed(job, cancel_reason);
  auto publisher
    = node_.peers->find<event_publisher_actor>(role::event_publisher);
  if (!publisher || !node_.config.events.publish)
    return;
  worker_event told;
  told.kind = event_kind::failed;
  told.job_id = job.id;
  told.job_name = field_of(job, "name");
  told.image_id = subject_of(field_of(job, "data")).image_id;
  told.timestamp = wall_clock_ms();
  told.error = cancel_reason;
  told.is_final = true;
  caf::anon_send(publisher, event_batch{{told}});
}

} // namespace darkroom
